using System.Buffers;

namespace EdgeAgent.Core.Packets;

/// <summary>A copy of a segment that came before its turn.</summary>
/// <param name="Sequence">Sequence number of the first byte.</param>
/// <param name="Buffer">Rented array.</param>
/// <param name="Length">Bytes used of it.</param>
/// <param name="IsFin">The stream ends behind these bytes.</param>
/// <param name="At">Capture time.</param>
internal readonly record struct HeldSegment(uint Sequence, byte[] Buffer, int Length, bool IsFin, DateTimeOffset At)
{
    public ReadOnlyMemory<byte> Bytes => Buffer.AsMemory(0, Length);

    public void Return() => ArrayPool<byte>.Shared.Return(Buffer);
}

/// <summary>Segments of one direction that wait for an earlier one, in order of their sequence numbers.</summary>
internal sealed class HeldSegments
{
    private List<HeldSegment>? _segments;

    public int Count => _segments?.Count ?? 0;

    public int Bytes { get; private set; }

    public HeldSegment First => _segments![0];

    /// <summary>Keeps a copy, unless the very same bytes are kept already.</summary>
    public void Add(uint sequence, ReadOnlySpan<byte> payload, bool isFin, DateTimeOffset at)
    {
        _segments ??= [];
        int index = _segments.Count;
        while (index > 0 && Distance(sequence, _segments[index - 1].Sequence) < 0)
        {
            index--;
        }

        if (index > 0 && Distance(sequence, _segments[index - 1].Sequence) == 0
            && payload.Length <= _segments[index - 1].Length && !isFin)
        {
            return;
        }

        byte[] copy = ArrayPool<byte>.Shared.Rent(payload.Length);
        payload.CopyTo(copy);
        _segments.Insert(index, new HeldSegment(sequence, copy, payload.Length, isFin, at));
        Bytes += payload.Length;
    }

    /// <summary>Hands over the first segment; the taker returns its array.</summary>
    public HeldSegment Take()
    {
        HeldSegment first = _segments![0];
        _segments.RemoveAt(0); // at most 64 by default: cheaper than a ring
        Bytes -= first.Length;
        return first;
    }

    public void Clear()
    {
        while (Count > 0)
        {
            Take().Return();
        }
    }

    private static int Distance(uint left, uint right) => unchecked((int)(left - right));
}
