using Microsoft.Extensions.Logging;

namespace EdgeAgent.Store;

/// <summary>Messages of the store, events 4000 to 4999.</summary>
internal static partial class StoreLog
{
    [LoggerMessage(4001, LogLevel.Information, "Store {Directory} opened, epoch {Epoch}, next record {NextSeq}.")]
    public static partial void Opened(ILogger logger, string directory, string epoch, long nextSeq);

    [LoggerMessage(4002, LogLevel.Error, "The journal was lost ({Loss}); epoch {Epoch} begins. Damaged files are kept aside.")]
    public static partial void Lost(ILogger logger, string loss, string epoch, Exception? fault);

    [LoggerMessage(4003, LogLevel.Error, "The store cannot be written; trying again in {Pause}. Counting goes on in memory.")]
    public static partial void Refused(ILogger logger, TimeSpan pause, Exception fault);

    [LoggerMessage(4004, LogLevel.Information, "The store can be written again.")]
    public static partial void Recovered(ILogger logger);

    [LoggerMessage(4005, LogLevel.Warning, "The store cannot be opened: {Fault}.")]
    public static partial void StillClosed(ILogger logger, string fault);

    [LoggerMessage(4007, LogLevel.Warning, "The copy of the epoch outside the journal cannot be written: {Fault}. Tried again.")]
    public static partial void EpochNotKept(ILogger logger, string fault);

    [LoggerMessage(4006, LogLevel.Error, "The store closes with {Rows} rows that could not be written: {Fault}.")]
    public static partial void Abandoned(ILogger logger, int rows, string? fault);
}
