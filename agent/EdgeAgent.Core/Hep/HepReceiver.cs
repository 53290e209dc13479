using System.Security.Cryptography;
using EdgeAgent.Core.Sip;

namespace EdgeAgent.Core.Hep;

/// <summary>From HEP packets to SIP messages on the agent's clock. Not thread-safe: one signalling thread.</summary>
internal sealed class HepReceiver
{
    /// <summary>Senders with a clock of their own; the rest share one, so that a forger costs no memory.</summary>
    private const int MaxSenders = 256;

    private readonly HepSettings _settings;
    private readonly HepInflater _inflater;
    private readonly Dictionary<(UInt128 Address, uint CaptureId), HepClock> _clocks = [];
    private readonly HepClock _others = new();

    public HepReceiver(HepSettings settings, SipLimits limits)
    {
        _settings = settings;
        _inflater = new HepInflater(limits.MaxHeadBytes + limits.MaxBodyBytes);
    }

    /// <summary>Senders seen so far.</summary>
    public IReadOnlyList<HepSender> Senders =>
        [.. _clocks.Select(each => new HepSender(each.Key.Address, each.Key.CaptureId, each.Value.Packets, each.Value.Offset))];

    /// <summary>Brings the clocks of the senders heard since the last time into <paramref name="quality"/>.</summary>
    public void CarryOffsets(Metrics.CaptureQuality quality)
    {
        foreach (((UInt128 address, uint captureId), HepClock clock) in _clocks)
        {
            if (clock.TakeWidestOffset() is { } offset)
            {
                quality.NoteHepOffset(HepSender.NameOf(address, captureId), offset);
            }
        }
    }

    /// <summary>Takes one packet.</summary>
    /// <param name="datagram">The packet.</param>
    /// <param name="sender">Who sent it.</param>
    /// <param name="receivedAt">When it came.</param>
    /// <param name="packet">What it says, the payload decompressed; valid until the next call.</param>
    /// <param name="at">Time of the message on the agent's clock.</param>
    public HepRejection TryReceive(
        ReadOnlySpan<byte> datagram, UInt128 sender, DateTimeOffset receivedAt, out HepPacket packet, out DateTimeOffset at)
    {
        at = receivedAt;
        HepRejection rejection = HepParser.TryParse(datagram, out packet);
        if (rejection != HepRejection.None)
        {
            return rejection;
        }

        if (!_settings.Key.IsEmpty && !CryptographicOperations.FixedTimeEquals(packet.Key, _settings.Key.Span))
        {
            return HepRejection.HepWrongKey;
        }

        if (packet.IsCompressed)
        {
            if (!_inflater.TryInflate(packet.Payload, out ReadOnlySpan<byte> message))
            {
                return HepRejection.HepBadCompression;
            }

            packet = packet with { Payload = message, IsCompressed = false };
        }

        at = ClockOf(sender, packet.CaptureId).Correct(packet.At, receivedAt, _settings.FollowsClockSteps);
        return HepRejection.None;
    }

    private HepClock ClockOf(UInt128 sender, uint captureId)
    {
        if (_clocks.TryGetValue((sender, captureId), out HepClock? clock))
        {
            return clock;
        }

        if (_clocks.Count >= MaxSenders)
        {
            return _others;
        }

        clock = new HepClock();
        _clocks.Add((sender, captureId), clock);
        return clock;
    }
}
