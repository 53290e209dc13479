namespace EdgeAgent.Store;

/// <summary>What the store knew when it was opened.</summary>
/// <param name="Snapshot">Open calls and minutes as of the last commit, null on a new journal.</param>
/// <param name="Epoch">Identity of the journal: creation time and 64 random bits.</param>
/// <param name="PredecessorEpoch">The journal before it on this host, null for the first.</param>
/// <param name="Boot">Identity of this run of the agent: 64 random bits in hexadecimal.</param>
/// <param name="NextSeq">Sequence number of the next record.</param>
/// <param name="LastSealed">Start of the last minute journalled.</param>
/// <param name="Attempts">Documents of attempts to persons (<see cref="Core.Guard.State.AttemptLog"/>).</param>
/// <param name="Consents">Documents of what persons told clients (<see cref="Core.Guard.State.ConsentSet"/>), in order.</param>
/// <param name="Loss">Why a new epoch had to begin, null when nothing was lost.</param>
public sealed record RestoredState(
    AgentSnapshot? Snapshot,
    string Epoch,
    string? PredecessorEpoch,
    string Boot,
    long NextSeq,
    DateTimeOffset? LastSealed,
    IReadOnlyList<byte[]> Attempts,
    IReadOnlyList<byte[]> Consents,
    string? Loss);
