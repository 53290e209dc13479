using Microsoft.Extensions.Logging;

namespace EdgeAgent.Telemetry;

/// <summary>Log messages of this folder: events 6000 to 6999.</summary>
internal static partial class TelemetryLog
{
    [LoggerMessage(6001, LogLevel.Information, "edge-agent {Version} runs as {AgentId} with {File}.")]
    public static partial void Started(ILogger logger, string version, string agentId, string file);

    [LoggerMessage(6002, LogLevel.Error, "No sign of life is given to the service manager: {Loops} did not advance.")]
    public static partial void WatchdogWithheld(ILogger logger, string loops);

    [LoggerMessage(6009, LogLevel.Warning, "The service manager cannot be told how the agent is: {Fault}")]
    public static partial void NotTold(ILogger logger, string fault);

    [LoggerMessage(6003, LogLevel.Warning, "Configuration: {Fault}.")]
    public static partial void ConfigurationFault(ILogger logger, string fault);

    [LoggerMessage(6004, LogLevel.Error, "The new configuration is refused, the old one stays in force; faults: {Count}.")]
    public static partial void ReloadRefused(ILogger logger, int count);

    [LoggerMessage(6005, LogLevel.Information, "The configuration was read again and is in force.")]
    public static partial void Reloaded(ILogger logger);

    [LoggerMessage(6006, LogLevel.Error, "The new configuration could not be put into force.")]
    public static partial void ReloadFailed(ILogger logger, Exception exception);

    [LoggerMessage(6007, LogLevel.Error, "{Service} did not stop in time.")]
    public static partial void StopTimedOut(ILogger logger, string service);

    [LoggerMessage(6008, LogLevel.Critical, "{Service} failed, so the agent stopped: {Fault}")] // the host has logged the trace
    public static partial void ServiceFailed(ILogger logger, string service, string fault);
}
