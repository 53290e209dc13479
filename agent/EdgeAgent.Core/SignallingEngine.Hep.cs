using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Hep;
using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Sip;

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

        if (SipParser.IsKeepAlive(packet.Payload))
        {
            return;
        }

        if (_hepDelay.IsFull)
        {
            ReleaseOneHep();
        }

        _hepDelay.Hold(packet.Payload, packet.Source, packet.Destination, at);
    }

    /// <summary>Counts what was handed over and is due at <paramref name="now"/>, but for what the wire has shown.</summary>
    private void ReleaseHep(DateTimeOffset now)
    {
        while (_hepDelay.DueAt <= now)
        {
            ReleaseOneHep();
        }
    }

    private void ReleaseAllHep()
    {
        while (_hepDelay.DueAt < DateTimeOffset.MaxValue)
        {
            ReleaseOneHep();
        }
    }

    private void ReleaseOneHep()
    {
        if (!_hepDelay.TryTake(out DelayedMessage held))
        {
            return;
        }

        Watermark = held.At > Watermark ? held.At : Watermark;
        EnterMinute(held.At);
        bool isRead = TryParse(held.Bytes, out SipMessage message);
        if (!isRead || !_hepDelay.IsCopy(FingerprintOf(message, held.Source, held.Destination), held.At))
        {
            _settings.Tap?.OnSip(held.Bytes, TransportProtocol.Udp, held.Source, held.Destination, held.At);
            if (isRead)
            {
                _calls.OnMessage(message, held.Source, held.Destination, held.At);
                CountHop(held.At);
            }
        }

        held.Return();
    }

    /// <summary>
    /// Equal for a message and the copy of it that a PBX hands over; ports may differ, as PBXs name them as they like. The call is part of it:
    /// one who gives every call the same branch hides none.
    /// </summary>
    private static ulong FingerprintOf(in SipMessage message, IpEndpoint source, IpEndpoint destination)
    {
        ulong call = ByteHash.Join(ByteHash.Of(message.CallId), ByteHash.Of(message.FromTag));
        return ByteHash.Join(call, CallTable.Fingerprint(message, source, destination));
    }
}
