using System.Text;
using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Tests.Calls;
using EdgeAgent.Core.Tests.Hep;
using EdgeAgent.Core.Tests.Packets;

namespace EdgeAgent.Core.Tests.Cases;

/// <content>Cases about how the traffic was captured: its edges, copies, segments, fragments, carriers, clocks.</content>
internal static partial class CaseScripts
{
    private static IEnumerable<CapturedPacket> BeginsInMidCall()
    {
        Scenario before = Call("before").Taken(0).Request("INVITE", 12).Ok(12.1).AckRequest(12.2).HungUp(40);
        Scenario ringing = Call("ringing", to: OtherPerson).Ringing(4).Response(200, 14).Ack(14.01).HungUp(30);
        return before.Packets[3..].Concat(ringing.Packets[2..]).Concat(Call("whole", OtherNumber).Taken(20).HungUp(35).Packets);
    }

    private static IEnumerable<CapturedPacket> EndsInMidCall() => Of(
        Call("up").Taken(0),
        Call("hung-up", to: OtherPerson).Taken(10).Bye(45),
        Call("rings", OtherNumber).Ringing(45),
        Call("begins", OtherNumber, OtherPerson).Invite(47.5));

    private static IEnumerable<CapturedPacket> Twice() =>
        Call("twice").Taken(0).HungUp(25).Packets.SelectMany(packet => new[]
        {
            packet,
            packet with { At = packet.At + TimeSpan.FromMilliseconds(1) },
            Carriers.In(packet, Carriers.All[0].Wrap) with { At = packet.At + TimeSpan.FromMilliseconds(232) },
        });

    private static List<CapturedPacket> Segments()
    {
        TcpWire wire = new();
        Scenario three = Call("one-segment").Invite(0).Response(100, 0.01).Response(180, 0.02).Response(200, 0.03).Ack(0.1).HungUp(20);
        byte[][] messages = [.. three.Packets.Select(packet => TcpWire.WithLength(PlainFrame.Of(packet).Payload))];
        wire.Send(Pbx, Carrier, messages[0], Scenario.At(0));
        wire.Send(Carrier, Pbx, [.. messages[1], .. messages[2], .. messages[3]], Scenario.At(0.1)); // 100, 180 and 200 at once
        wire.Send(Pbx, Carrier, messages[4], Scenario.At(0.2));
        wire.Send(Pbx, Carrier, Text("\r\n\r\n"), Scenario.At(10)).Send(Carrier, Pbx, Text("\r\n"), Scenario.At(10.01)); // RFC 5626 §3.5.1
        wire.Send(Pbx, Carrier, messages[5], Scenario.At(20.1)).Send(Carrier, Pbx, messages[6], Scenario.At(20.2));

        Scenario over = Call("three-segments", to: OtherPerson).Ringing(30).Response(486, 33).AckRefusal(33.01);
        messages = [.. over.Packets.Select(packet => TcpWire.WithLength(PlainFrame.Of(packet).Payload))];
        int third = messages[0].Length / 3;
        foreach (byte[] part in (byte[][])[messages[0][..third], messages[0][third..(2 * third)], messages[0][(2 * third)..]])
        {
            wire.Send(Pbx, Carrier, part, Scenario.At(30));
        }

        // The capture has the later half of the 486 first.
        wire.Send(Carrier, Pbx, messages[1], Scenario.At(30.01)).Send(Carrier, Pbx, messages[2], Scenario.At(32));
        wire.Send(Carrier, Pbx, messages[3].AsSpan(0, 100), Scenario.At(33)).Send(Carrier, Pbx, messages[3].AsSpan(100), Scenario.At(33));
        (wire.Packets[^1], wire.Packets[^2]) = (wire.Packets[^2], wire.Packets[^1]);
        wire.Send(Pbx, Carrier, messages[4], Scenario.At(33.1));
        return wire.Packets;
    }

    /// <summary>Two calls to two carriers at one moment: all their fragments under the same identification, back to front, one of each in turn.</summary>
    private static IEnumerable<CapturedPacket> FragmentsReversed()
    {
        Scenario first = Call("first").Taken(0).HungUp(15);
        Scenario second = Call("second", to: OtherPerson, callee: OtherCarrier).Ringing(0).Response(603, 3).AckRefusal(3.01);
        return first.Packets.Concat(second.Packets).OrderBy(packet => packet.At).GroupBy(packet => packet.At)
            .SelectMany((together, i) => together.SelectMany(packet => Fragments.OfFrame(packet, (ushort)(7 + i), 96).Select((part, place) => (Part: part, Place: place))))
            .GroupBy(fragment => fragment.Part.At)
            .SelectMany(together => together.OrderByDescending(fragment => fragment.Place).Select(fragment => fragment.Part));
    }

    private static IEnumerable<CapturedPacket> Encapsulations() => Carriers.All.SelectMany((carrier, i) =>
        Call($"in{i}", to: $"06399800{i:00}").Taken(10 * i).HungUp((10 * i) + 5 + (i + 1)).Packets.Select(packet => Carriers.In(packet, carrier.Wrap)));

    /// <summary>The wall clock is set back by a minute while one call is up, by an hour between two others.</summary>
    private static IEnumerable<CapturedPacket> ClockStepsBack() => Of(
        Call("over-the-step").Taken(100).HungUp(80),
        Call("short-way-back", to: OtherPerson).Taken(85).HungUp(120),
        Call("an-hour-earlier", OtherNumber).Taken(-3400).HungUp(-3375));

    /// <summary>Stamps of a joined capture that contradict the order of its packets, in every place where a duration is taken.</summary>
    private static IEnumerable<CapturedPacket> NeverNegative() => Of(
        Call("rang-before").Invite(10).Response(100, 10.01).Response(180, 9.5).Response(200, 15).Ack(15.01).HungUp(25),
        Call("answered-before", to: OtherPerson).Invite(30).Response(180, 32).Response(200, 31.5).Ack(31.51).HungUp(41.5),
        Call("left-before", OtherNumber).Invite(50).Response(180, 52).Response(200, 55).Ack(55.01).HungUp(54.5),
        Call("refused-before", OtherNumber, OtherPerson).Invite(70).Response(180, 72).Response(486, 71).AckRefusal(71.01));

    private static IEnumerable<CapturedPacket> SnapLength()
    {
        int whole = Call("body-cut").Invite(0).Packets[0].Bytes.Length;
        return Of(
            Call("body-cut").Invite(0, snapBytes: whole - 4).Response(180, 2).Response(200, 5).Ack(5.01).HungUp(25),
            Call("head-cut", to: OtherPerson).Invite(30, snapBytes: 160).Response(486, 31).AckRefusal(31.01));
    }

    private static IEnumerable<CapturedPacket> UdpThenTcp()
    {
        Scenario call = Call("moves").Taken(0).Request("UPDATE", 20).Ok(20.1).HungUp(35);
        return call.Packets[..5].Concat(TcpWire.Carry(call.Packets[5..]));
    }

    /// <summary>Every message of the connection behind one, two or many empty lines (RFC 3261 §7.5).</summary>
    private static List<CapturedPacket> CrlfOnStream()
    {
        TcpWire wire = new();
        int lines = 0;
        foreach (CapturedPacket packet in Call("behind-crlf").Taken(0).HungUp(35).Packets)
        {
            PlainFrame frame = PlainFrame.Of(packet);
            byte[] empty = Text(string.Concat(Enumerable.Repeat("\r\n", 1 + (lines++ % 3))));
            wire.Send(frame.Source, frame.Destination, [.. empty, .. TcpWire.WithLength(frame.Payload)], packet.At);
        }

        return wire.Packets;
    }

    /// <summary>
    /// Beside the wire: the INVITE quoted by an ICMP port-unreachable of a carrier that was just down, and every message handed over by the
    /// PBX as HEP on loopback, a little early as requests and a little late as responses are.
    /// </summary>
    private static IEnumerable<CapturedPacket> QuotedAndCopied()
    {
        IpEndpoint loopback = Hosts.At("127.0.0.1", 40_000);
        Scenario refused = Call("quoted", callee: OtherCarrier).Invite(0);
        Scenario call = Call("copied").Taken(1).HungUp(36);
        byte[] quoted = [3, 3, 0, 0, 0, 0, 0, 0, .. refused.Packets[0].Bytes.ToArray()[14..]];
        IEnumerable<CapturedPacket> copies = refused.Packets.Concat(call.Packets).Select((packet, i) =>
        {
            PlainFrame frame = PlainFrame.Of(packet);
            DateTimeOffset at = packet.At + TimeSpan.FromMilliseconds(frame.Source == Pbx ? -3 : 40);
            byte[] hep = HepBytes.V3(Encoding.Latin1.GetString(frame.Payload), frame.Source, frame.Destination, at);
            byte[] udp = Frames.Udp(hep, loopback.Port, 9060);
            return PlainFrame.Ethernet(PlainFrame.Udp, udp, loopback, Hosts.At("127.0.0.1", 9060), at, (ushort)i);
        });
        return
        [
            .. refused.Packets, PlainFrame.Ethernet(1, quoted, OtherCarrier, Pbx, Scenario.At(0.02)), .. call.Packets, .. copies,
        ];
    }

    private static IEnumerable<CapturedPacket> TwoInOneDatagram()
    {
        Scenario first = Call("first").Invite(0).Response(180, 2).Response(486, 5).AckRefusal(5.01);
        Scenario second = Call("second", OtherNumber).Invite(0);
        byte[] both = [.. PlainFrame.Of(first.Packets[0]).Payload, .. PlainFrame.Of(second.Packets[0]).Payload];
        return [PlainFrame.Ethernet(PlainFrame.Udp, Frames.Udp(both, Pbx.Port, Carrier.Port), Pbx, Carrier, Scenario.At(0)), .. first.Packets[1..]];
    }
}
