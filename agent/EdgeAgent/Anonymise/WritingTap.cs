using System.Buffers;
using EdgeAgent.Core;
using EdgeAgent.Core.Anonymise;
using EdgeAgent.Core.Packets;

namespace EdgeAgent.Anonymise;

/// <summary>Second reading: writes every message anew, and gives the same packets to a second engine that counts them.</summary>
internal sealed class WritingTap : ISipTap, ICapturedPacketSink
{
    private const int FlushBytes = 1_048_576;
    private readonly MessageMask _mask;
    private readonly Stream _output;
    private readonly SignallingEngine _check;
    private readonly long _messages;
    private readonly MessageWrapper _wrapper = new();
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private byte[] _copy = [];
    private long _written;
    private (IpEndpoint Source, IpEndpoint Destination) _lastHop;
    private DateTimeOffset _lastAt;

    /// <summary>Begins the capture.</summary>
    /// <param name="mask">Has learnt from the very same messages.</param>
    /// <param name="output">Takes the capture.</param>
    /// <param name="check">Counts what is written.</param>
    /// <param name="messages">Messages learnt from; a file that has grown since is cut there.</param>
    public WritingTap(MessageMask mask, Stream output, SignallingEngine check, long messages)
    {
        _mask = mask;
        _output = output;
        _check = check;
        _messages = messages;
        PcapEncoder.WriteHeader(_buffer);
    }

    /// <summary>Packets written.</summary>
    public long Packets { get; private set; }

    /// <inheritdoc/>
    public void OnSip(ReadOnlySpan<byte> bytes, TransportProtocol transport, IpEndpoint source, IpEndpoint destination, DateTimeOffset at)
    {
        if (_written == _messages || !LearningTap.IsSip(bytes))
        {
            return;
        }

        _written++;
        if (_copy.Length < bytes.Length)
        {
            _copy = new byte[Math.Max(bytes.Length, 2 * _copy.Length)];
        }

        Memory<byte> message = _copy.AsMemory(0, bytes.Length);
        bytes.CopyTo(message.Span);
        _mask.Replace(message.Span);
        _lastHop = (_mask.Replace(source), _mask.Replace(destination));
        _wrapper.Wrap(message, transport, _lastHop.Source, _lastHop.Destination, at, this);
    }

    /// <inheritdoc/>
    public void OnPacket(in CapturedPacket packet)
    {
        Packets++;
        _lastAt = packet.At > _lastAt ? packet.At : _lastAt;
        PcapEncoder.WritePacket(_buffer, packet.At, packet.Bytes.Span);
        _check.OnPacket(packet);
        if (_buffer.WrittenCount > FlushBytes)
        {
            Flush();
        }
    }

    /// <summary>
    /// Ends the capture. Packets without SIP are left out, but the last of them tells how long nothing more was heard of the calls: an
    /// empty keep-alive takes its place.
    /// </summary>
    public void Complete(DateTimeOffset last)
    {
        if (last > _lastAt && _written > 0)
        {
            _wrapper.Wrap("\r\n\r\n"u8.ToArray(), TransportProtocol.Udp, _lastHop.Source, _lastHop.Destination, last, this);
        }

        Flush();
        _output.Flush();
        _check.Finish();
    }

    private void Flush()
    {
        _output.Write(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
    }
}
