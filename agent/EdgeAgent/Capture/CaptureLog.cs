using Microsoft.Extensions.Logging;

namespace EdgeAgent.Capture;

/// <summary>Log messages of this folder, event ids 1000 to 1999.</summary>
internal static partial class CaptureLog
{
    [LoggerMessage(1001, LogLevel.Information, "Listening on {Interface} ({Link}).")]
    public static partial void SourceAttached(this ILogger logger, string @interface, string link);

    [LoggerMessage(1002, LogLevel.Warning, "{Interface} is blind: {Fault}. Trying again every {Interval}.")]
    public static partial void SourceLost(this ILogger logger, string @interface, string fault, TimeSpan interval);

    [LoggerMessage(1003, LogLevel.Information, "{Interface} is released: {Packets} packets, {KernelDrops} dropped by the kernel.")]
    public static partial void SourceReleased(this ILogger logger, string @interface, long packets, long kernelDrops);

    [LoggerMessage(1008, LogLevel.Information, "{Interface} has its link back.")]
    public static partial void LinkReturned(this ILogger logger, string @interface);

    [LoggerMessage(1004, LogLevel.Information, "Taking {Inlet}.")]
    public static partial void HepOpened(this ILogger logger, string inlet);

    [LoggerMessage(1005, LogLevel.Error, "{Inlet} cannot take anything: {Fault}. Trying again.")]
    public static partial void HepFailed(this ILogger logger, string inlet, string fault);

    [LoggerMessage(1006, LogLevel.Warning, "{Inlet}: {Sender} speaks something else than HEP 3; the connection was closed.")]
    public static partial void HepNotSpoken(this ILogger logger, string inlet, string sender);

    [LoggerMessage(1007, LogLevel.Warning, "{Inlet}: more than {Connections} connections at once; one was closed.")]
    public static partial void HepTooManyConnections(this ILogger logger, string inlet, int connections);
}
