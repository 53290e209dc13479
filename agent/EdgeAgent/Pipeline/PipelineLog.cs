using Microsoft.Extensions.Logging;

namespace EdgeAgent.Pipeline;

/// <summary>Log messages of this folder; events 2xxx.</summary>
internal static partial class PipelineLog
{
    [LoggerMessage(EventId = 2001, Level = LogLevel.Information, Message = "Watching {Sources} source(s); {Calls} open call(s) taken over from the last run.")]
    public static partial void Started(ILogger logger, int sources, int calls);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Information, Message = "Signalling stopped; {Calls} open call(s) saved.")]
    public static partial void Stopped(ILogger logger, int calls);

    [LoggerMessage(EventId = 2003, Level = LogLevel.Error, Message = "The saved state could not be read, open calls and the running minute of the last run are lost: {Reason}.")]
    public static partial void StateUnreadable(ILogger logger, string reason);

    [LoggerMessage(EventId = 2004, Level = LogLevel.Warning, Message = "Section {Section} of the configuration changed; it takes effect at the next restart.")]
    public static partial void NeedsRestart(ILogger logger, string section);

    [LoggerMessage(EventId = 2005, Level = LogLevel.Warning, Message = "No address is known for any host of trunk {Trunk}; nothing will be counted for it.")]
    public static partial void TrunkWithoutAddress(ILogger logger, string trunk);
}
