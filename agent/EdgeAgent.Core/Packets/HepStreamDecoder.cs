using System.Buffers.Binary;
using EdgeAgent.Core.Hep;

namespace EdgeAgent.Core.Packets;

/// <summary>
/// HEP version 3 packets one behind the other, as a TCP sender writes them and as tools save them: no file header, no times but those
/// inside the packets. The sender's address is not known.
/// </summary>
internal sealed class HepStreamDecoder : RecordDecoder
{
    private const int HeaderBytes = 6; // "HEP3" and the length of the whole packet

    private byte[] _received = new byte[SignallingEngine.HepSenderBytes + 4_096];
    private DateTimeOffset _at = DateTimeOffset.UnixEpoch;

    /// <summary>Makes the decoder for bytes that begin with a packet.</summary>
    public HepStreamDecoder(CaptureLimits limits)
        : base(limits)
    {
    }

    /// <summary>First bytes of every packet.</summary>
    public static ReadOnlySpan<byte> Magic => "HEP3"u8;

    public override int ReadAll(ReadOnlyMemory<byte> bytes, ICapturedPacketSink sink, out int needed)
    {
        int at = 0;
        while (true)
        {
            needed = HeaderBytes;
            ReadOnlySpan<byte> rest = bytes.Span[at..];
            if (rest.Length < HeaderBytes)
            {
                return at;
            }

            int length = BinaryPrimitives.ReadUInt16BigEndian(rest[Magic.Length..]);
            if (!rest.StartsWith(Magic) || length < HeaderBytes)
            {
                Fault = CaptureFault.CorruptHepPacket;
                return at;
            }

            needed = length;
            if (rest.Length < length)
            {
                return at;
            }

            DeliverHep(rest[..length], sink);
            at += length;
        }
    }

    private void DeliverHep(ReadOnlySpan<byte> packet, ICapturedPacketSink sink)
    {
        // What is refused later, by cause, has the time of the packet before it.
        if (HepParser.TryParse(packet, out HepPacket hep) == HepRejection.None)
        {
            _at = hep.At ?? _at;
        }

        int total = SignallingEngine.HepSenderBytes + packet.Length;
        if (_received.Length < total)
        {
            _received = new byte[total];
        }

        packet.CopyTo(_received.AsSpan(SignallingEngine.HepSenderBytes));
        Deliver(sink, new CapturedPacket(_at, LinkType.ReceivedHep, _received.AsMemory(0, total), total));
    }
}
