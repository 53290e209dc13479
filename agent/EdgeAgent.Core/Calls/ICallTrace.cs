using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Sip;

namespace EdgeAgent.Core.Calls;

/// <summary>
/// Looks over the shoulder of <see cref="CallTable"/> at the calls of some Call-IDs: every message, what it did, and why. It only reads.
/// Null in the daemon; on the signalling thread.
/// </summary>
public interface ICallTrace
{
    /// <summary>Whether calls with this Call-ID are to be told.</summary>
    bool Follows(ReadOnlySpan<byte> callId);

    /// <summary>A message is about to be taken. Its steps and <see cref="OnTaken"/> follow.</summary>
    void OnMessage(in SipMessage message, IpEndpoint source, IpEndpoint destination, DateTimeOffset at);

    /// <summary>The machine was asked: by a message, or by a deadline or the end of the capture where no message is being taken.</summary>
    /// <param name="call">The call, already in its new state.</param>
    /// <param name="signal">What was asked.</param>
    /// <param name="before">State before.</param>
    /// <param name="step">State after, and what the figures learnt.</param>
    /// <param name="at">Time of the signal; of a deadline, when it was due.</param>
    void OnStep(Call call, CallSignal signal, CallState before, CallStep step, DateTimeOffset at);

    /// <summary>The message was taken.</summary>
    /// <param name="call">The call it belongs to, null for none.</param>
    /// <param name="isRepeat">The same message was seen before on this hop.</param>
    /// <param name="note">Why it did what it did.</param>
    void OnTaken(Call? call, bool isRepeat, CallNote note);
}
