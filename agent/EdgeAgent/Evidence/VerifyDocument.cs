using System.Globalization;
using EdgeAgent.Core.Evidence;

namespace EdgeAgent.Evidence;

/// <summary>Output of <c>edge-agent verify --json</c>. Names are never changed, only added.</summary>
/// <param name="Good">Nothing is wrong.</param>
/// <param name="Input">What was read.</param>
/// <param name="Records">Different records in it.</param>
/// <param name="Keys">Fingerprints of the keys signatures were checked with.</param>
/// <param name="KeyPinned">The keys were named from outside; otherwise the first key in the records was believed.</param>
/// <param name="Epochs">What is here of each epoch.</param>
/// <param name="FindingCount">All that is wrong.</param>
/// <param name="Findings">The earliest of it; the first one names the first bad record.</param>
/// <param name="Notices">What is not wrong and worth knowing.</param>
internal sealed record VerifyDocument(
    bool Good,
    string Input,
    long Records,
    IReadOnlyList<string> Keys,
    bool KeyPinned,
    IReadOnlyList<EpochSummary> Epochs,
    long FindingCount,
    IReadOnlyList<FindingDocument> Findings,
    IReadOnlyList<string> Notices)
{
    /// <summary>Puts the outcome of a check into this form.</summary>
    public static VerifyDocument From(string input, ChainReport report) => new(
        report.IsGood,
        input,
        report.Epochs.Sum(epoch => epoch.Records),
        report.Keys,
        report.IsPinned,
        report.Epochs,
        report.FindingCount,
        [.. report.Findings.Select(finding => new FindingDocument(
            CamelCase.Of(finding.Kind),
            finding.Agent,
            finding.Epoch,
            finding.Seq,
            finding.Text))],
        report.Notices);

    /// <summary>What is shown can be relied on up to where, as sentences.</summary>
    public IEnumerable<string> Promises()
    {
        if (Keys.Count == 0)
        {
            yield return "no signature was checked: name the agent's public key with --public-key (edge-agent status --json | jq -r .store.publicKey)";
        }
        else if (!KeyPinned)
        {
            yield return "the key was taken from the records themselves: compare its fingerprint with one you had before, or name it with --public-key";
        }

        foreach (EpochSummary epoch in Epochs)
        {
            yield return epoch.AnchoredSeq == 0
                ? $"epoch {epoch.Epoch}: no anchor binds it: who holds the signing key could have written it anew, or cut off its end"
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"epoch {epoch.Epoch}: bound by anchors up to record {epoch.AnchoredSeq}; past it nothing can be promised against who holds the signing key");
        }
    }
}

/// <summary>Something wrong.</summary>
/// <param name="Kind">malformed, signature, link, conflict, gap, tombstone, rewritten, rollback, epoch, key, misplaced, limit.</param>
/// <param name="Agent">Agent id.</param>
/// <param name="Epoch">Epoch of the record concerned; empty when not known.</param>
/// <param name="Seq">The record concerned; 0 when not known.</param>
/// <param name="Text">One sentence.</param>
internal sealed record FindingDocument(string Kind, string Agent, string Epoch, long Seq, string Text);
