namespace EdgeAgent.Capture;

/// <summary>A source or capture file cannot be opened. The message is whole and meant for the administrator.</summary>
public sealed class CaptureSourceException : Exception
{
    /// <inheritdoc/>
    public CaptureSourceException()
    {
    }

    /// <inheritdoc/>
    public CaptureSourceException(string message)
        : base(message)
    {
    }

    /// <inheritdoc/>
    public CaptureSourceException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
