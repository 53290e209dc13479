using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;

namespace EdgeAgent.Core.Packets;

/// <summary>
/// Reads pcap, pcapng and HEP packets one behind the other as a stream: memory depends on <see cref="CaptureLimits"/> and the pipe, never on the file. All
/// records of one read are decoded in one loop; only a record that lies across two pipe segments is copied.
/// </summary>
public sealed class CaptureReader
{
    private const int MagicBytes = 4;

    private readonly ICapturedPacketSink _sink;
    private readonly CaptureLimits _limits;
    private RecordDecoder? _decoder;
    private CaptureFault? _fault;
    private long _offset;
    private long _skippedBytes;
    private byte[] _scratch = [];

    private CaptureReader(ICapturedPacketSink sink, CaptureLimits limits)
    {
        _sink = sink;
        _limits = limits;
    }

    /// <summary>Delivers the packets of one capture in file order.</summary>
    /// <param name="input">The file; not completed here. <see cref="PipeReader.CancelPendingRead"/> ends the reading early.</param>
    /// <param name="sink">Takes the packets; may call <see cref="PipeReader.CancelPendingRead"/>.</param>
    /// <param name="limits">Sizes past which the file is refused.</param>
    /// <param name="cancellationToken">Gives up; what was delivered stays delivered.</param>
    /// <returns>Counts, and the fault that ended the reading if there was one.</returns>
    public static Task<CaptureReadResult> ReadAsync(
        PipeReader input, ICapturedPacketSink sink, CaptureLimits limits, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(sink);
        ArgumentNullException.ThrowIfNull(limits);
        return new CaptureReader(sink, limits).RunAsync(input, cancellationToken);
    }

    private async Task<CaptureReadResult> RunAsync(PipeReader input, CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult read;
            try
            {
                read = await input.ReadAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is IOException or InvalidDataException)
            {
                return Result(CaptureFault.Unreadable);
            }

            ReadOnlySequence<byte> rest = read.Buffer;
            Decode(ref rest);
            bool hasLeftOver = !rest.IsEmpty; // asked before AdvanceTo, which gives the memory back
            input.AdvanceTo(rest.Start, read.Buffer.End);
            if (_fault is not null || read.IsCanceled)
            {
                return Result(_fault);
            }

            if (read.IsCompleted)
            {
                return Result(FaultAtEnd(hasLeftOver));
            }
        }
    }

    private CaptureReadResult Result(CaptureFault? fault) =>
        new(_decoder?.Packets ?? 0, _decoder?.Bytes ?? 0, fault, fault is null ? 0 : _offset);

    private CaptureFault? FaultAtEnd(bool hasLeftOver)
    {
        if (_decoder is null)
        {
            return hasLeftOver ? CaptureFault.NotACapture : CaptureFault.Empty;
        }

        _offset -= _skippedBytes; // a block that was not skipped to its end is named by its beginning
        return hasLeftOver || _decoder.PendingSkip > 0 ? CaptureFault.TruncatedRecord : null;
    }

    private void Decode(ref ReadOnlySequence<byte> rest)
    {
        if (_decoder is null && !TryChooseDecoder(rest))
        {
            return;
        }

        while (!rest.IsEmpty)
        {
            Skip(ref rest);
            int consumed = _decoder!.ReadAll(rest.First, _sink, out int needed);
            Consume(ref rest, consumed);
            if (_decoder.PendingSkip == 0 && _decoder.Fault is null && !TryReadAcross(ref rest, needed))
            {
                return;
            }

            if (_decoder.Fault is not null)
            {
                _fault = _decoder.Fault;
                return;
            }
        }
    }

    /// <summary>Reads one record that lies across segments, by way of a copy.</summary>
    /// <returns>False when more bytes must come first.</returns>
    private bool TryReadAcross(ref ReadOnlySequence<byte> rest, int needed)
    {
        while (rest.Length >= needed)
        {
            if (_scratch.Length < needed)
            {
                _scratch = new byte[Math.Max(needed, 4_096)];
            }

            rest.Slice(0, needed).CopyTo(_scratch);
            int consumed = _decoder!.ReadAll(_scratch.AsMemory(0, needed), _sink, out needed);
            Consume(ref rest, consumed);
            if (consumed > 0 || _decoder.PendingSkip > 0 || _decoder.Fault is not null)
            {
                return true;
            }
        }

        return false;
    }

    private void Skip(ref ReadOnlySequence<byte> rest)
    {
        long skipped = Math.Min(_decoder!.PendingSkip, rest.Length);
        _decoder.PendingSkip -= skipped;
        _skippedBytes = _decoder.PendingSkip > 0 ? _skippedBytes + skipped : 0;
        Consume(ref rest, skipped);
    }

    private void Consume(ref ReadOnlySequence<byte> rest, long bytes)
    {
        rest = rest.Slice(bytes);
        _offset += bytes;
    }

    private bool TryChooseDecoder(ReadOnlySequence<byte> buffer)
    {
        if (buffer.Length < MagicBytes)
        {
            return false;
        }

        Span<byte> magic = stackalloc byte[MagicBytes];
        buffer.Slice(0, MagicBytes).CopyTo(magic);
        _decoder = BinaryPrimitives.ReadUInt32BigEndian(magic) == PcapNgDecoder.SectionHeader
            ? new PcapNgDecoder(_limits)
            : magic.SequenceEqual(HepStreamDecoder.Magic) ? new HepStreamDecoder(_limits)
            : PcapDecoder.TryCreate(magic, _limits);
        if (_decoder is null)
        {
            _fault = magic.SequenceEqual("GMBU"u8) ? CaptureFault.NetworkMonitor
                : magic is [0x1F, 0x8B, ..] ? CaptureFault.GzipInside
                : CaptureFault.NotACapture;
        }

        return _decoder is not null;
    }
}
