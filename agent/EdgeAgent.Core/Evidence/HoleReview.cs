using System.Globalization;

namespace EdgeAgent.Core.Evidence;

/// <summary>Missing records of one epoch, and whether tombstones explain them and fit their surroundings.</summary>
internal sealed class HoleReview(FindingBook book, EpochChain chain)
{
    private readonly List<(Hole Hole, long Tombstone)> _holes = [.. chain.Holes.OrderBy(each => each.Hole.From).ThenBy(each => each.Hole.To)];

    /// <summary>Adds findings; gives how many missing records are explained.</summary>
    public long Run()
    {
        long explained = 0;
        IReadOnlyList<Stretch> stretches = chain.Stretches.All;
        long next = 1;
        foreach (Stretch stretch in stretches)
        {
            explained += ReviewGap(next, stretch.First - 1, isHead: next == 1);
            next = stretch.Last + 1;
        }

        if (stretches.Count == 0 && chain.RequiredFrom > 0)
        {
            Add(FindingKind.Gap, chain.RequiredFrom, "is missing: nothing of the epoch is here");
        }

        for (int i = 0; i < _holes.Count; i++)
        {
            ReviewHole(_holes[i].Hole, _holes[i].Tombstone, i + 1 < _holes.Count ? _holes[i + 1].Hole : null);
        }

        return explained;
    }

    /// <summary>Walks over one gap and the holes in it.</summary>
    private long ReviewGap(long from, long to, bool isHead)
    {
        long explained = 0;
        long next = from;
        foreach ((Hole hole, _) in _holes)
        {
            if (hole.To < next || hole.From > to)
            {
                continue;
            }

            ReviewUnexplained(next, Math.Min(hole.From - 1, to), isHead);
            long last = Math.Min(hole.To, to);
            explained += last - Math.Max(hole.From, next) + 1;
            next = last + 1;
        }

        ReviewUnexplained(next, to, isHead);
        return explained;
    }

    private void ReviewUnexplained(long from, long to, bool isHead)
    {
        long first = isHead && chain.RequiredFrom > 0 ? Math.Max(from, chain.RequiredFrom) : from;
        if (isHead && from <= to && (chain.RequiredFrom == 0 || from < chain.RequiredFrom))
        {
            long last = chain.RequiredFrom == 0 ? to : Math.Min(to, chain.RequiredFrom - 1);
            book.Notice(Text($"epoch {chain.Epoch}: records {from} to {last} are not here"));
        }

        if (first > to || (isHead && chain.RequiredFrom == 0) || IsRefused(first, to))
        {
            return;
        }

        Add(FindingKind.Gap, first, to == first
            ? "is missing, and no tombstone explains it"
            : Text($"is missing, and all up to {to}; no tombstone explains it"));
    }

    private bool IsRefused(long from, long to)
    {
        long seq = from;
        while (seq <= to && chain.IsRefused(seq))
        {
            seq++;
        }

        return seq > to;
    }

    private void ReviewHole(Hole hole, long tombstone, Hole? next)
    {
        bool fitsBefore = hole.From == 1
            ? chain.Begins is null || chain.Begins.HashFor(chain.Agent, chain.Epoch) == hole.Prev
            : chain.HashOf(hole.From - 1) is not UInt128 before || before == hole.Prev.Head;
        bool fitsFirst = chain.Stretches.PrevAtStart(hole.From) is not RecordHash first || first == hole.Prev;
        bool fitsLast = chain.HashOf(hole.To) is not UInt128 last || last == hole.Hash.Head;
        bool fitsAfter = chain.Stretches.PrevAtStart(hole.To + 1) is not RecordHash after || after == hole.Hash;
        bool fitsNext = next is not Hole neighbour || neighbour.From != hole.To + 1 || neighbour.Prev == hole.Hash;
        if (!fitsBefore || !fitsFirst)
        {
            Add(FindingKind.Tombstone, hole.From - 1, Text($"is not the one before the hole that tombstone {tombstone} explains"));
        }

        if (!fitsLast || !fitsAfter || !fitsNext)
        {
            Add(FindingKind.Tombstone, hole.To + 1, Text($"does not follow the hole that tombstone {tombstone} explains"));
        }
    }

    private void Add(FindingKind kind, long seq, string text) =>
        book.Add(new Finding(kind, chain.Agent, chain.Epoch, seq, Text($"record {seq} of epoch {chain.Epoch} {text}")));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
