namespace EdgeAgent.Core.Evidence;

/// <summary>Records with successive numbers.</summary>
/// <param name="First">First of them.</param>
/// <param name="Last">Last of them.</param>
/// <param name="Prev">What the first names as its predecessor.</param>
/// <param name="Hash">Hash of the last.</param>
internal readonly record struct Stretch(long First, long Last, RecordHash Prev, RecordHash Hash);

/// <summary>
/// The records seen, as stretches in order of number: records may come in any order, and what is kept grows with the holes, not with the
/// records.
/// </summary>
internal sealed class Stretches(int max)
{
    private readonly List<Stretch> _all = [];

    /// <summary>All, in order.</summary>
    public IReadOnlyList<Stretch> All => _all;

    /// <summary>True when <paramref name="seq"/> was seen.</summary>
    public bool Contains(long seq)
    {
        int at = IndexAtOrBefore(seq);
        return at >= 0 && seq <= _all[at].Last;
    }

    /// <summary>Hash of <paramref name="seq"/> where it ends a stretch, null elsewhere.</summary>
    public RecordHash? HashAtEnd(long seq)
    {
        int at = IndexAtOrBefore(seq);
        return at >= 0 && _all[at].Last == seq ? _all[at].Hash : null;
    }

    /// <summary>What <paramref name="seq"/> names as predecessor where it begins a stretch, null elsewhere.</summary>
    public RecordHash? PrevAtStart(long seq)
    {
        int at = IndexAtOrBefore(seq);
        return at >= 0 && _all[at].First == seq ? _all[at].Prev : null;
    }

    /// <summary>Adds a record not seen before.</summary>
    /// <param name="seq">Its number.</param>
    /// <param name="prev">What it names as predecessor.</param>
    /// <param name="hash">Its hash.</param>
    /// <param name="fitsBefore">False when the record before it is here and another than it names.</param>
    /// <param name="fitsAfter">False when the record after it is here and names another.</param>
    /// <returns>False when there are too many stretches to add it.</returns>
    public bool TryAdd(long seq, in RecordHash prev, in RecordHash hash, out bool fitsBefore, out bool fitsAfter)
    {
        int before = IndexAtOrBefore(seq);
        int after = before + 1;
        bool joinsBefore = before >= 0 && _all[before].Last == seq - 1;
        bool joinsAfter = after < _all.Count && _all[after].First == seq + 1;
        fitsBefore = !joinsBefore || _all[before].Hash == prev;
        fitsAfter = !joinsAfter || _all[after].Prev == hash;
        if (joinsBefore && joinsAfter)
        {
            _all[before] = _all[before] with { Last = _all[after].Last, Hash = _all[after].Hash };
            _all.RemoveAt(after);
        }
        else if (joinsBefore)
        {
            _all[before] = _all[before] with { Last = seq, Hash = hash };
        }
        else if (joinsAfter)
        {
            _all[after] = _all[after] with { First = seq, Prev = prev };
        }
        else if (_all.Count < max)
        {
            _all.Insert(after, new Stretch(seq, seq, prev, hash));
        }
        else
        {
            return false;
        }

        return true;
    }

    private int IndexAtOrBefore(long seq) => SeqSearch.IndexAtOrBefore(_all, seq, static stretch => stretch.First);
}
