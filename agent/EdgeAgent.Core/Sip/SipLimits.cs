namespace EdgeAgent.Core.Sip;

/// <summary>Sizes past which a peer is refused; all are options (<c>limits:</c>) with these defaults.</summary>
/// <param name="MaxHeadBytes">Start line and headers, in bytes. Default 65,536.</param>
/// <param name="MaxBodyBytes">Body, in bytes (skipped, never kept). Default 1,048,576.</param>
/// <param name="MaxHeaderLines">Header lines of one message. Default 512.</param>
public sealed record SipLimits(int MaxHeadBytes = 65_536, int MaxBodyBytes = 1_048_576, int MaxHeaderLines = 512)
{
    /// <summary>The documented defaults.</summary>
    public static SipLimits Default { get; } = new();

    /// <summary>Head and body together.</summary>
    public int MaxMessageBytes => (int)Math.Min((long)MaxHeadBytes + MaxBodyBytes, Array.MaxLength);
}
