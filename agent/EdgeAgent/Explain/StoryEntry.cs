using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Sip;

namespace EdgeAgent.Explain;

/// <summary>One line of a call's story: a message, or a deadline that passed without one.</summary>
/// <param name="At">Packet time of the message, or when the deadline was due.</param>
/// <param name="Message">The message; null for a deadline and for the end of the capture.</param>
internal sealed record StoryEntry(DateTimeOffset At, StoryMessage? Message)
{
    /// <summary>Number of the attempt it belongs to, from 1; null for none.</summary>
    public int? Attempt { get; set; }

    /// <summary>The same message passed this hop before.</summary>
    public bool IsRepeat { get; set; }

    /// <summary>Why it did what it did.</summary>
    public CallNote Note { get; set; }

    /// <summary>Changes of state, none for what changed nothing.</summary>
    public List<StoryStep> Steps { get; } = [];
}

/// <summary>What is shown of a message. Never its URIs or names: they may be a person's.</summary>
/// <param name="Source">Sender.</param>
/// <param name="Destination">Receiver.</param>
/// <param name="IsRequest">A request, else a response.</param>
/// <param name="Method">Method, of a response that of CSeq.</param>
/// <param name="Status">Status code, 0 in a request.</param>
/// <param name="CSeq">CSeq number.</param>
internal sealed record StoryMessage(
    IpEndpoint Source, IpEndpoint Destination, bool IsRequest, SipMethod Method, int Status, uint CSeq)
{
    /// <summary><c>INVITE</c>, or <c>OTHER</c> for a method that no counting knows.</summary>
    public string MethodName => Method.ToString().ToUpperInvariant();
}

/// <summary>A call changed state.</summary>
/// <param name="Attempt">Number of the attempt.</param>
/// <param name="Signal">What the machine was asked.</param>
/// <param name="Before">State before.</param>
/// <param name="After">State after.</param>
/// <param name="Report">What the figures learnt.</param>
/// <param name="Disposition">Disposition so far.</param>
/// <param name="Evidence">End evidence so far.</param>
/// <param name="Talk">Talk time once it is known.</param>
internal sealed record StoryStep(
    int Attempt,
    CallSignal Signal,
    CallState Before,
    CallState After,
    CallReport Report,
    Disposition? Disposition,
    EndEvidence Evidence,
    TimeSpan? Talk);
