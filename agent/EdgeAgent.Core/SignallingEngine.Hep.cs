using EdgeAgent.Core.Hep;
using EdgeAgent.Core.Packets;

namespace EdgeAgent.Core;

/// <content>SIP that another host hands over: after TLS, or from where the agent cannot listen.</content>
public sealed partial class SignallingEngine
{
    /// <summary>Bytes of the sender's address before a packet of <see cref="LinkType.ReceivedHep"/>.</summary>
    public const int HepSenderBytes = 16;

    private void OnReceivedHep(in CapturedPacket packet)
    {
        ReadOnlySpan<byte> bytes = packet.Bytes.Span;
        UInt128 sender = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
        OnHep(bytes[HepSenderBytes..], sender, packet.At);
    }

    private void OnHep(ReadOnlySpan<byte> datagram, UInt128 sender, DateTimeOffset receivedAt)
    {
        Counters.HepPackets++;
        HepRejection rejection = _hep.TryReceive(datagram, sender, receivedAt, out HepPacket packet, out DateTimeOffset at);
        if (rejection != HepRejection.None)
        {
            Counters.Add(rejection);
            if (rejection != HepRejection.HepNotSip)
            {
                Counters.Quality.Undecodable++;
                _minute!.Quality.Undecodable++;
            }

            return;
        }

        if (Sip.SipParser.IsKeepAlive(packet.Payload))
        {
            return;
        }

        Watermark = at > Watermark ? at : Watermark;
        EnterMinute(at);
        OnMessage(packet.Payload, packet.Source, packet.Destination, at);
    }
}
