namespace EdgeAgent.Core.Metrics;

/// <summary>Counters of an interval that belong to no number. Not thread-safe: owned by one thread.</summary>
public sealed class TrafficCounters
{
    /// <summary>Captured packets of any kind.</summary>
    public long Packets { get; set; }

    /// <summary>SIP messages parsed, retransmissions and copies included.</summary>
    public long SipMessages { get; set; }

    /// <summary>SIP messages that repeat one already seen.</summary>
    public long Retransmissions { get; set; }

    /// <summary>Calls between phones of this host; in no number's counters.</summary>
    public long Internal { get; set; }

    /// <summary>Attempts over a carrier that is not in <c>trunks:</c>.</summary>
    public long UnlistedTrunk { get; set; }

    /// <summary>Calls that touch no trunk and neither come from nor go to an E.164 number; in no number's counters.</summary>
    public long OtherCalls { get; set; }

    /// <summary>Most calls that were up at once, of all numbers and both directions; known when the minute is sealed.</summary>
    public long ConcurrentPeak { get; set; }

    /// <summary>Adds every counter of <paramref name="other"/>; of the peaks the higher stands.</summary>
    public void Add(TrafficCounters other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Packets += other.Packets;
        SipMessages += other.SipMessages;
        Retransmissions += other.Retransmissions;
        Internal += other.Internal;
        UnlistedTrunk += other.UnlistedTrunk;
        OtherCalls += other.OtherCalls;
        ConcurrentPeak = Math.Max(ConcurrentPeak, other.ConcurrentPeak);
    }
}
