using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;

namespace EdgeAgent.Core.Packets;

/// <summary>Pipes for the bytes of messages begun, used again and again. One thread.</summary>
internal sealed class TailPipes
{
    /// <summary>Block size of a pipe: holds nearly every SIP message in one piece.</summary>
    public const int BlockBytes = 4_096;

    private const int MaxSparePipes = 64;

    private static readonly PipeOptions Options = new(
        readerScheduler: PipeScheduler.Inline,
        writerScheduler: PipeScheduler.Inline,
        pauseWriterThreshold: 0, // never waits: size is bounded by the framer's limits and MaxBufferedBytes
        resumeWriterThreshold: 0,
        minimumSegmentSize: BlockBytes,
        useSynchronizationContext: false);

    private readonly Stack<Pipe> _spare = new();

    /// <summary>An empty pipe.</summary>
    public Pipe Take() => _spare.TryPop(out Pipe? spare) ? spare : new Pipe(Options);

    /// <summary>Takes a pipe back, with whatever is left in it.</summary>
    public void Return(Pipe pipe)
    {
        pipe.Writer.Complete();
        pipe.Reader.Complete();
        if (_spare.Count < MaxSparePipes)
        {
            pipe.Reset();
            _spare.Push(pipe);
        }
    }

    /// <summary>Adds bytes at the end.</summary>
    public static void Write(Pipe pipe, ReadOnlySpan<byte> bytes)
    {
        pipe.Writer.Write(bytes);
        ValueTask<FlushResult> flush = pipe.Writer.FlushAsync();
        Debug.Assert(flush.IsCompletedSuccessfully, "without a threshold a flush never waits");
        if (flush.IsCompletedSuccessfully)
        {
            _ = flush.Result;
        }
    }
}
