using System.Globalization;
using System.Text;

namespace EdgeAgent.Core.Evidence;

/// <summary>How an epoch follows the one before it; stated in its first record, whose <c>prev</c> is the hash of it.</summary>
/// <param name="Predecessor">Epoch before, null for the first on a host.</param>
/// <param name="LastSeq">Last record of the predecessor that was known, null where none was.</param>
/// <param name="LastHash">Its hash.</param>
public sealed record EpochLink(string? Predecessor, long? LastSeq, RecordHash? LastHash)
{
    /// <summary>The first epoch on a host.</summary>
    public static EpochLink None { get; } = new(null, null, null);

    /// <summary>
    /// The <c>prev</c> of the epoch's first record: SHA-256 of six lines, each ended by LF: <c>edgeagent/v1/epoch</c>, agent, epoch,
    /// predecessor, its last seq, its last hash; <c>-</c> for what is not known.
    /// </summary>
    public RecordHash HashFor(string agent, string epoch) => RecordHash.Of(Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"edgeagent/v1/epoch\n{agent}\n{epoch}\n{Predecessor ?? "-"}\n{LastSeq?.ToString(CultureInfo.InvariantCulture) ?? "-"}\n{LastHash?.ToString() ?? "-"}\n")));
}
