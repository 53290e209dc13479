using System.Buffers;

namespace EdgeAgent.Core.Tests.Sip;

/// <summary>Builds sequences of several segments, the way a pipe gives them.</summary>
internal sealed class Segments : ReadOnlySequenceSegment<byte>
{
    private Segments(ReadOnlyMemory<byte> memory, long runningIndex)
    {
        Memory = memory;
        RunningIndex = runningIndex;
    }

    /// <summary>Cuts bytes at the given places; two equal places make an empty segment.</summary>
    public static ReadOnlySequence<byte> CutAt(byte[] bytes, IEnumerable<int> places)
    {
        Segments first = new(ReadOnlyMemory<byte>.Empty, 0);
        Segments last = first;
        int start = 0;
        foreach (int end in places.Where(place => place >= 0 && place <= bytes.Length).Order().Append(bytes.Length))
        {
            Segments next = new(bytes.AsMemory(start, end - start), start);
            last.Next = next;
            last = next;
            start = end;
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    /// <summary>One byte in each segment.</summary>
    public static ReadOnlySequence<byte> OneBytePer(byte[] bytes) => CutAt(bytes, Enumerable.Range(1, bytes.Length));
}
