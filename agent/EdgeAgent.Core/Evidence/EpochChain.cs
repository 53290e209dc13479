namespace EdgeAgent.Core.Evidence;

/// <summary>Records of one epoch: takes each as it comes and says at once what its neighbours show.</summary>
internal sealed class EpochChain(string epoch, EvidenceLimits limits, PageShelf shelf, FindingBook book)
{
    private readonly HashPages _marks = new(shelf);
    private readonly HashSet<long> _refused = [];
    private readonly Dictionary<long, List<Expectation>> _awaited = [];
    private int _awaitedCount;

    /// <summary>Name of the epoch.</summary>
    public string Epoch => epoch;

    /// <summary>Agent of its records; empty before the first.</summary>
    public string Agent { get; private set; } = "";

    /// <summary>Records seen.</summary>
    public Stretches Stretches { get; } = new(limits.Stretches);

    /// <summary>How it begins; null while neither the first record nor a tombstone for it was seen.</summary>
    public EpochLink? Begins { get; private set; }

    /// <summary>Holes that tombstones explain, with the tombstone's number.</summary>
    public List<(Hole Hole, long Tombstone)> Holes { get; } = [];

    /// <summary>Different records.</summary>
    public long Records { get; private set; }

    /// <summary>Byte-identical copies.</summary>
    public long Copies { get; private set; }

    /// <summary>Record that must be the first one here, or an earlier one; 0 when nothing is required.</summary>
    public long RequiredFrom { get; set; }

    /// <summary>Numbers of records that anchors bind.</summary>
    public SortedSet<long> Anchored { get; } = [];

    /// <summary>Anchors that found another record.</summary>
    public List<Expectation> Broken { get; } = [];

    /// <summary>Anchors whose record has not come.</summary>
    public IEnumerable<Expectation> Awaited => _awaited.Values.SelectMany(each => each);

    /// <summary>Last record seen, 0 when none was.</summary>
    public long Last => Stretches.All.Count == 0 ? 0 : Stretches.All[^1].Last;

    /// <summary>True when a record of that number came and was refused: that it is missing needs no second word.</summary>
    public bool IsRefused(long seq) => _refused.Contains(seq);

    /// <summary>First half of the hash of <paramref name="seq"/>, as far as it is remembered.</summary>
    public UInt128? HashOf(long seq) => Stretches.HashAtEnd(seq)?.Head ?? _marks.Find(seq)?.Hash;

    /// <summary>Takes a record whose signature fits or cannot be checked yet.</summary>
    public RecordVerdict Add(SignedRecord record)
    {
        Agent = Agent.Length == 0 ? record.Agent : Agent;
        if (Agent != record.Agent)
        {
            return Refuse(record, FindingKind.Epoch, $"is of agent {record.Agent}, the epoch of {Agent}");
        }

        RecordMark mark = new(record.Hash.Head, BitConverter.ToUInt64(record.Signature[^8..]));
        if (Stretches.Contains(record.Seq))
        {
            return AddCopy(record, mark);
        }

        if (!Stretches.TryAdd(record.Seq, record.Prev, record.Hash, out bool fitsBefore, out bool fitsAfter))
        {
            book.Add(new Finding(FindingKind.Limit, Agent, epoch, 0, $"epoch {epoch} has more than {limits.Stretches} holes: records past them were not looked at"));
            return RecordVerdict.Refused;
        }

        _marks.Set(record.Seq, mark);
        Records++;
        CheckNeighbours(record, fitsBefore, fitsAfter);
        TakeBeginning(record);
        TakeHoles(record);
        Settle(record.Seq);
        return RecordVerdict.Accepted;
    }

    /// <summary>Notes a record that is none of the chain.</summary>
    public RecordVerdict Refuse(SignedRecord record, FindingKind kind, string text)
    {
        if (_refused.Count < limits.Pending)
        {
            _refused.Add(record.Seq);
        }

        Report(kind, record.Seq, text);
        return RecordVerdict.Refused;
    }

    /// <summary>Notes something wrong with a record.</summary>
    public void Report(FindingKind kind, long seq, string text) =>
        book.Add(new Finding(kind, Agent, epoch, seq, $"record {seq} of epoch {epoch} {text}"));

    /// <summary>Compares with what a collector had; when the record has not come, as soon as it comes.</summary>
    public void Take(Expectation expected)
    {
        long seq = expected.Anchor.Seq;
        if (HashOf(seq) is not null)
        {
            Compare(expected);
        }
        else if (_awaitedCount < limits.Pending)
        {
            _awaitedCount++;
            if (!_awaited.TryGetValue(seq, out List<Expectation>? list))
            {
                _awaited.Add(seq, list = []);
            }

            list.Add(expected);
        }
        else
        {
            book.Add(new Finding(FindingKind.Limit, Agent, epoch, 0, $"more than {limits.Pending} anchors wait for their records: further ones were not looked at"));
        }
    }

    private RecordVerdict AddCopy(SignedRecord record, RecordMark mark)
    {
        RecordMark? known = _marks.Find(record.Seq);
        if (known is null)
        {
            book.Notice($"copies in epoch {epoch} came too late to be compared");
        }
        else if (known.Value.Hash != mark.Hash)
        {
            return Refuse(record, FindingKind.Conflict, "exists twice with different content: history was rewritten or the store put back");
        }
        else if (known.Value.Signature != mark.Signature)
        {
            return Refuse(record, FindingKind.Conflict, "exists twice with different signatures: it was signed again");
        }

        Copies++;
        return RecordVerdict.Copy;
    }

    private void CheckNeighbours(SignedRecord record, bool fitsBefore, bool fitsAfter)
    {
        if (!fitsBefore)
        {
            Report(FindingKind.Link, record.Seq - 1, $"is not the one that its successor {record.Seq} names: one of them was replaced or edited");
        }

        if (!fitsAfter)
        {
            Report(FindingKind.Link, record.Seq, $"is not the one that its successor {record.Seq + 1} names: one of them was replaced or edited");
        }
    }

    private void TakeBeginning(SignedRecord record)
    {
        if (record.Seq == 1 && record.Begins?.HashFor(Agent, epoch) != record.Prev)
        {
            Report(FindingKind.Epoch, 1, "does not say truly how the epoch begins");
        }

        if (record.Begins is not null && (record.Seq == 1 || record.Holes.Any(hole => hole.From == 1)))
        {
            Begins ??= record.Begins;
        }
    }

    private void TakeHoles(SignedRecord record)
    {
        foreach (Hole hole in record.Holes)
        {
            if (hole.To >= record.Seq)
            {
                Report(FindingKind.Tombstone, record.Seq, $"explains records up to {hole.To}, which are none before it");
            }
            else if (Holes.Count < limits.Pending)
            {
                Holes.Add((hole, record.Seq));
            }
        }
    }

    private void Settle(long seq)
    {
        if (_awaited.Remove(seq, out List<Expectation>? list))
        {
            _awaitedCount -= list.Count;
            list.ForEach(Compare);
        }
    }

    private void Compare(Expectation expected)
    {
        bool isSame = HashOf(expected.Anchor.Seq) == expected.Anchor.Hash.Head;
        if (!isSame && Broken.Count < limits.Pending)
        {
            Broken.Add(expected);
        }
        else if (isSame && expected.Binds)
        {
            Anchored.Add(expected.Anchor.Seq);
            if (Anchored.Count > limits.Pending)
            {
                Anchored.Remove(Anchored.Min);
            }
        }
    }
}

/// <summary>A record somebody has had.</summary>
/// <param name="Anchor">The record.</param>
/// <param name="Source">Who says so.</param>
/// <param name="Binds">It was said off the host: history up to it can no longer be written anew.</param>
internal readonly record struct Expectation(Anchor Anchor, string Source, bool Binds);

/// <summary>What became of a record.</summary>
public enum RecordVerdict
{
    /// <summary>Taken; its neighbours may still show a fault.</summary>
    Accepted = 0,
    /// <summary>A byte-identical copy of one taken before: pass it over.</summary>
    Copy,
    /// <summary>Not part of the chain; a finding says why.</summary>
    Refused,
}
