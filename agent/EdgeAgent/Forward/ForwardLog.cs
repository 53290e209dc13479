using Microsoft.Extensions.Logging;

namespace EdgeAgent.Forward;

/// <summary>Messages of the forwarder, events 5000 to 5999. None carries a user name or password.</summary>
internal static partial class ForwardLog
{
    [LoggerMessage(5001, LogLevel.Information, "Connected to {Broker}; {Depth} records wait.")]
    public static partial void Connected(ILogger logger, string broker, long depth);

    [LoggerMessage(5002, LogLevel.Warning, "The connection to {Broker} failed ({Reason}). Next attempt in {Pause}.")]
    public static partial void Failed(ILogger logger, string broker, string reason, TimeSpan pause);

    [LoggerMessage(5003, LogLevel.Error, "Nothing can be sent to {Broker}: {Reason}. Records wait on disk; next attempt in {Pause}.")]
    public static partial void Parked(ILogger logger, string broker, string reason, TimeSpan pause);

    [LoggerMessage(5004, LogLevel.Information, "Forwarding to {Broker} stopped; {Depth} records wait.")]
    public static partial void Stopped(ILogger logger, string broker, long depth);

    [LoggerMessage(5005, LogLevel.Information, "No broker is configured; records wait on disk.")]
    public static partial void Disabled(ILogger logger);

    [LoggerMessage(5006, LogLevel.Error, "Forwarding met an unexpected fault and begins again.")]
    public static partial void Unexpected(ILogger logger, Exception fault);

    [LoggerMessage(5007, LogLevel.Information, "The connection to {Broker} is made anew: {Reason}.")]
    public static partial void Renewed(ILogger logger, string broker, string reason);

    [LoggerMessage(5008, LogLevel.Warning, "Records go to the standby broker {Standby}: {Broker} is of no use ({Reason}).")]
    public static partial void StandbyTaken(ILogger logger, string standby, string broker, string reason);

    [LoggerMessage(5009, LogLevel.Warning, "Password or certificates cannot be read anew ({Reason}); the connection stays with the old ones.")]
    public static partial void FilesUnreadable(ILogger logger, string reason);

    [LoggerMessage(5020, LogLevel.Information, "The command {Command} was carried out: {Outcome}{Cause}.")]
    public static partial void CommandCarriedOut(ILogger logger, string command, string outcome, string? cause);

    [LoggerMessage(5021, LogLevel.Warning, "A command {Command} was refused: {Cause}.")]
    public static partial void CommandRefused(ILogger logger, string command, string cause);

    [LoggerMessage(5022, LogLevel.Error, "The command {Command} met an unexpected fault.")]
    public static partial void CommandFailed(ILogger logger, string command, Exception fault);

    [LoggerMessage(5023, LogLevel.Warning, "The broker lets no commands through: {Reason}.")]
    public static partial void CommandsRefused(ILogger logger, string reason);
}
