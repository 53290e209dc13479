using System.Buffers.Binary;
using EdgeAgent.Core.Evidence;

namespace EdgeAgent.Collect;

/// <summary>Numbers of records that are accounted for, as ranges in order: what is kept grows with the holes, not with the records.</summary>
internal sealed class SeqRanges
{
    /// <summary>Ranges held at most: past it a number that joins none is refused.</summary>
    internal const int MaxRanges = 16_384;

    private const int PackedBytes = 16;

    private readonly List<(long First, long Last)> _all = [];

    /// <summary>All, in order.</summary>
    public IReadOnlyList<(long First, long Last)> All => _all;

    /// <summary>The highest number, 0 when there is none.</summary>
    public long Last => _all.Count == 0 ? 0 : _all[^1].Last;

    /// <summary>True when <paramref name="seq"/> is accounted for.</summary>
    public bool Contains(long seq)
    {
        int at = IndexAtOrBefore(seq);
        return at >= 0 && seq <= _all[at].Last;
    }

    /// <summary>How many of a range are accounted for.</summary>
    public long Count(long first, long last)
    {
        long count = 0;
        for (int at = Math.Max(0, IndexAtOrBefore(first)); at < _all.Count && _all[at].First <= last; at++)
        {
            count += Math.Max(0, Math.Min(last, _all[at].Last) - Math.Max(first, _all[at].First) + 1);
        }

        return count;
    }

    /// <summary>Adds a range, whatever of it is here already; false when there are too many ranges.</summary>
    public bool TryAdd(long first, long last)
    {
        int from = IndexAtOrBefore(first - 1);
        from = from >= 0 && _all[from].Last >= first - 1 ? from : from + 1; // the first range it touches
        int to = from;
        while (to < _all.Count && _all[to].First <= last + 1)
        {
            first = Math.Min(first, _all[to].First);
            last = Math.Max(last, _all[to].Last);
            to++;
        }

        if (to == from && _all.Count >= MaxRanges)
        {
            return false;
        }

        _all.RemoveRange(from, to - from);
        _all.Insert(from, (first, last));
        return true;
    }

    /// <summary>What is missing between 1 and the highest number, in order.</summary>
    public IEnumerable<(long First, long Last)> Holes()
    {
        long next = 1;
        foreach ((long first, long last) in _all)
        {
            if (first > next)
            {
                yield return (next, first - 1);
            }

            next = last + 1;
        }
    }

    /// <summary>As stored.</summary>
    public byte[] Pack()
    {
        byte[] packed = new byte[_all.Count * PackedBytes];
        for (int i = 0; i < _all.Count; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(packed.AsSpan(i * PackedBytes), _all[i].First);
            BinaryPrimitives.WriteInt64LittleEndian(packed.AsSpan((i * PackedBytes) + 8), _all[i].Last);
        }

        return packed;
    }

    /// <summary>Reads it back.</summary>
    public static SeqRanges Unpack(ReadOnlySpan<byte> packed)
    {
        SeqRanges ranges = new();
        for (; packed.Length >= PackedBytes; packed = packed[PackedBytes..])
        {
            ranges._all.Add((BinaryPrimitives.ReadInt64LittleEndian(packed), BinaryPrimitives.ReadInt64LittleEndian(packed[8..])));
        }

        return ranges;
    }

    private int IndexAtOrBefore(long seq) => SeqSearch.IndexAtOrBefore(_all, seq, static stretch => stretch.First);
}
