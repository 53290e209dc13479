using System.Globalization;
using System.Text;

namespace EdgeAgent.Core.Evidence;

/// <summary>
/// Checks that records are what an agent wrote: signatures, the chain of hashes, numbers without holes, epochs that follow each other, and
/// what a collector has anchored. Records come in any order, of any number of agents. Pure; one thread at a time.
/// </summary>
/// <remarks>
/// What is shown holds against everybody without the signing key, and up to the last anchor against its holder too. Who has the key and
/// the host can rewrite what lies past it, and cut the end off.
/// </remarks>
public sealed class RecordChain : IDisposable
{
    private readonly EvidenceLimits _limits;
    private readonly FindingBook _book;
    private readonly PageShelf _shelf;
    private readonly KeyRing _keys;
    private readonly Dictionary<string, EpochChain> _epochs = new(StringComparer.Ordinal);
    private readonly HashSet<string> _rolledBack = new(StringComparer.Ordinal);

    /// <summary>Begins a check.</summary>
    /// <param name="publicKeys">Keys known from outside, any of which may sign; disposed of by the caller. None: each agent's first key counts.</param>
    /// <param name="limits">Bounds; null for the defaults.</param>
    public RecordChain(IReadOnlyList<EvidenceKey>? publicKeys = null, EvidenceLimits? limits = null)
    {
        _limits = limits ?? new EvidenceLimits();
        _book = new FindingBook(_limits.Findings);
        _shelf = new PageShelf(_limits.Pages);
        _keys = new KeyRing(publicKeys ?? [], _limits.Pending);
    }

    /// <summary>Says that a collector, or the agent outside its journal, has had this record.</summary>
    /// <param name="anchor">The record.</param>
    /// <param name="source">Who says so, such as <c>the collector</c>.</param>
    /// <param name="binds">False where the agent's own host says so: who rewrites history there rewrites that too.</param>
    public void Expect(Anchor anchor, string source, bool binds = true)
    {
        ArgumentNullException.ThrowIfNull(anchor);
        ChainOf(anchor.Epoch)?.Take(new Expectation(anchor, source, binds));
    }

    /// <summary>Says that every record of <paramref name="epoch"/> from <paramref name="seq"/> on must be here.</summary>
    public void RequireFrom(string epoch, long seq)
    {
        if (ChainOf(epoch) is EpochChain chain)
        {
            chain.RequiredFrom = seq;
        }
    }

    /// <summary>Looks at one record.</summary>
    /// <param name="line">Its exact bytes, without line end.</param>
    /// <param name="place">Where it stands, such as <c>line 12</c>; for findings.</param>
    /// <param name="filedUnder">The number under which it is filed, where it is filed under one; it must be its own.</param>
    public RecordVerdict Add(ReadOnlySpan<byte> line, string place, long? filedUnder = null)
    {
        if (!SignedRecord.TryRead(line, out SignedRecord? record, out string fault))
        {
            (string epoch, long seq) = RecordGuess.Of(line);
            string name = seq > 0 ? string.Create(CultureInfo.InvariantCulture, $"record {seq} of epoch {epoch} ({place})") : place;
            string agent = _epochs.GetValueOrDefault(epoch)?.Agent ?? "";
            _book.Add(new Finding(FindingKind.Malformed, agent, epoch, seq, $"{name} {fault}"));
            return RecordVerdict.Refused;
        }

        if (filedUnder is long number && number != record!.Seq)
        {
            _book.Add(new Finding(FindingKind.Misplaced, record.Agent, record.Epoch, number, string.Create(
                CultureInfo.InvariantCulture, $"in the place of record {number} of epoch {record.Epoch} stands record {record.Seq}: they were swapped")));
        }

        return Add(record!);
    }

    /// <summary>Looks at one record.</summary>
    public RecordVerdict Add(SignedRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        EpochChain? chain = ChainOf(record.Epoch);
        if (chain is null)
        {
            return RecordVerdict.Refused;
        }

        ReportLate(_keys.Learn(record), record.Agent);

        if (_keys.Check(record, chain, out string? fault) == SignatureVerdict.Misfit)
        {
            return chain.Refuse(record, FindingKind.Signature, fault ?? Misfit(record.KeyFingerprint, record.Agent));
        }

        RecordVerdict verdict = chain.Add(record);
        if (verdict == RecordVerdict.Accepted)
        {
            TakeWords(record, chain);
        }

        return verdict;
    }

    /// <summary>Says which key an agent states outside its records, as in its <c>info</c>; counts where no other is known, and is only as good as who said so.</summary>
    /// <returns>False when it is no public key.</returns>
    public bool Introduce(string agent, string publicKey)
    {
        if (!EvidenceKey.TryRead(publicKey, out EvidenceKey? key))
        {
            return false;
        }

        ReportLate(_keys.Learn(agent, key!), agent);
        return true;
    }

    /// <summary>What was found so far. May be asked at any time; records may come after it.</summary>
    public ChainReport Report()
    {
        FindingBook book = _book.Copy();
        EpochReview review = new(book, [.. _epochs.Values], _rolledBack);
        IReadOnlyList<EpochSummary> epochs = review.Run();
        _keys.Review(book);
        return new ChainReport(epochs, book.Findings, book.Count, book.Notices, _keys.Fingerprints, _keys.IsPinned);
    }

    /// <inheritdoc/>
    public void Dispose() => _keys.Dispose();

    /// <summary>Takes what a record of the chain says about others.</summary>
    private void TakeWords(SignedRecord record, EpochChain chain)
    {
        if (record.Anchor is Anchor anchor)
        {
            if (anchor.Epoch == record.Epoch && anchor.Seq >= record.Seq)
            {
                chain.Report(FindingKind.Rollback, record.Seq, $"confirms an anchor of record {anchor.Seq}, which is none before it: the agent had fallen behind");
            }

            string source = string.Create(CultureInfo.InvariantCulture, $"the anchor in record {record.Seq} of epoch {record.Epoch}");
            ChainOf(anchor.Epoch)?.Take(new Expectation(anchor, source, Binds: true));
        }

        if (record.Event != "storeLoss")
        {
            return;
        }

        if (record.Reason is "rolledBack" or "rewritten")
        {
            _rolledBack.Add(record.Epoch);
            chain.Report(FindingKind.Rollback, record.Seq, record.Reason == "rolledBack"
                ? string.Create(CultureInfo.InvariantCulture, $"reports that the store had been put back to an older state, which ended with record {record.Value ?? 0}")
                : string.Create(CultureInfo.InvariantCulture, $"reports that record {record.Value ?? 0} in the store was not the one written"));
        }
        else
        {
            _book.Notice(string.Create(
                CultureInfo.InvariantCulture, $"record {record.Seq} of epoch {record.Epoch} reports a loss of the store: {record.Reason}"));
        }
    }

    private void ReportLate(IReadOnlyList<(EpochChain Chain, long Seq, string Key)> misfits, string agent)
    {
        foreach ((EpochChain chain, long seq, string key) in misfits)
        {
            chain.Report(FindingKind.Signature, seq, Misfit(key, agent));
        }
    }

    private string Misfit(string? key, string agent) => key is not null && !_keys.Knows(agent, key)
        ? $"is signed with another key ({key}), or was edited"
        : "was edited: its signature does not fit its content";

    private EpochChain? ChainOf(string epoch)
    {
        if (_epochs.TryGetValue(epoch, out EpochChain? chain))
        {
            return chain;
        }

        if (_epochs.Count >= _limits.Epochs)
        {
            _book.Add(new Finding(FindingKind.Limit, "", "", 0, $"more than {_limits.Epochs} epochs: further ones were not looked at"));
            return null;
        }

        chain = new EpochChain(epoch, _limits, _shelf, _book);
        _epochs.Add(epoch, chain);
        return chain;
    }
}

/// <summary>Which record damaged bytes were, as far as that can be seen; only for findings.</summary>
internal static class RecordGuess
{
    private const int MaxEpoch = 64;

    public static (string Epoch, long Seq) Of(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> epochName = "\"epoch\":\""u8;
        ReadOnlySpan<byte> seqName = "\"seq\":"u8;
        int at = line.IndexOf(epochName);
        int seqAt = line.IndexOf(seqName);
        if (at < 0 || seqAt < 0)
        {
            return ("", 0);
        }

        ReadOnlySpan<byte> epoch = line[(at + epochName.Length)..];
        int end = epoch.IndexOf((byte)'"');
        ReadOnlySpan<byte> digits = line[(seqAt + seqName.Length)..];
        int digitsEnd = digits.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return end is > 0 and <= MaxEpoch
            && digitsEnd > 0 && long.TryParse(digits[..digitsEnd], NumberStyles.None, CultureInfo.InvariantCulture, out long seq)
                ? (Encoding.UTF8.GetString(epoch[..end]), seq)
                : ("", 0);
    }
}
