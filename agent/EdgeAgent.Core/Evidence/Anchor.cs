namespace EdgeAgent.Core.Evidence;

/// <summary>What a collector has: record <paramref name="Seq"/> of <paramref name="Epoch"/> with this hash. The agent's next record contains it.</summary>
/// <param name="Nonce">Unpredictable for the agent: shows that the record was made after it. Empty in an anchor that comes from no collector.</param>
/// <param name="At">The collector's clock.</param>
/// <param name="Epoch">Epoch of the record.</param>
/// <param name="Seq">Its sequence number.</param>
/// <param name="Hash">Its hash.</param>
public sealed record Anchor(string Nonce, DateTimeOffset At, string Epoch, long Seq, RecordHash Hash)
{
    /// <summary>Longest nonce in characters.</summary>
    public const int MaxNonceLength = 64;
}

/// <summary>Records that were summed up before they were delivered.</summary>
/// <param name="From">First of them.</param>
/// <param name="To">Last of them.</param>
/// <param name="Prev">The <c>prev</c> of the first: hash of the record before the hole.</param>
/// <param name="Hash">Hash of the last: the <c>prev</c> of the record after the hole.</param>
public readonly record struct Hole(long From, long To, RecordHash Prev, RecordHash Hash);
