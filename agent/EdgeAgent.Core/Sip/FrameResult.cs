namespace EdgeAgent.Core.Sip;

/// <summary>What framing found at the front of a stream; <c>default</c> asks for more bytes.</summary>
/// <param name="IsComplete">A whole message was cut off.</param>
/// <param name="Rejection">Why the bytes can never become a message, or none.</param>
public readonly record struct FrameResult(bool IsComplete, SipRejection Rejection)
{
    /// <summary>A whole message was cut off.</summary>
    public static FrameResult Complete { get; } = new(true, SipRejection.None);

    /// <summary>The bytes are refused for <paramref name="rejection"/>.</summary>
    public static FrameResult Rejected(SipRejection rejection) => new(false, rejection);
}
