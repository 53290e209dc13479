namespace EdgeAgent;

/// <summary>
/// Ends a command with a message for the person at the terminal and an exit code; the stack trace is shown with <c>--verbose</c> only.
/// </summary>
/// <param name="exitCode">One of <see cref="ExitCode"/>.</param>
/// <param name="message">What is wrong, as the end of <c>edge-agent: …</c>.</param>
/// <param name="inner">What caused it.</param>
internal sealed class CommandException(int exitCode, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Exit code of the process.</summary>
    public int ExitCode { get; } = exitCode;
}
