using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Tests.Calls;

namespace EdgeAgent.Core.Tests.Cases;

/// <content>Cases about several legs, long calls, transfers, redirection, identity.</content>
internal static partial class CaseScripts
{
    /// <summary>One Call-ID four times: refused; with a new tag; after its BYE with a higher CSeq; and a late copy, which is none.</summary>
    private static IEnumerable<CapturedPacket> CallIdAgain()
    {
        Scenario s = Call("used-again").Invite(0).Response(486, 1).AckRefusal(1.01);
        CapturedPacket late = s.Packets[0] with { At = Scenario.At(20) };
        s.NewCall(tag: "second").Taken(10).HungUp(25).Ringing(40).Response(603, 44).AckRefusal(44.01);
        return [.. s.Packets, late];
    }

    private static IEnumerable<CapturedPacket> Spiral() => Of(
        // Phone, proxy, the proxy once more, trunk: one Call-ID and CSeq, other branches.
        Call("spiral", caller: Phone, callee: Pbx, hop: "1-").Taken(0).HungUp(20),
        Call("spiral", caller: Pbx, callee: Pbx, hop: "2-").Taken(0.002).HungUp(20.002),
        Call("spiral", caller: Pbx, callee: Carrier, hop: "3-").Taken(0.004).HungUp(20.004),
        // From the carrier and back to it, as a proxy forwards a call to one of our numbers; it asserts our number to be called back at.
        Call("hairpin", OtherPerson, OtherNumber, Carrier, Pbx, hop: "1-").Taken(30).HungUp(60),
        Hairpin(Call("hairpin", OtherPerson, OtherNumber, Pbx, Carrier, hop: "2-")));

    private static Scenario Hairpin(Scenario s) => s
        .Invite(30.004, uri: "sip:0639980003@192.0.2.10", headers: $"P-Asserted-Identity: <sip:{OtherNumber}@pbx.test>\r\n").Response(100, 30.01).Response(180, 31.996)
        .Response(200, 34.996).Ack(35.014).HungUp(60.004);

    private static IEnumerable<CapturedPacket> B2bua() => Of(
        Registration(0),
        Call("phone-leg", "21", Person, Phone, Pbx).Taken(1).HungUp(36),
        Call("trunk-leg").Taken(1.3).HungUp(36.02),
        Call("phone-leg-2", "21", OtherPerson, Phone, Pbx).Ringing(40).Response(486, 43).AckRefusal(43.01),
        Call("trunk-leg-2", OtherNumber, OtherPerson).Ringing(40.9).Response(486, 42.98).AckRefusal(42.99));

    private static IEnumerable<CapturedPacket> RingingLong() => Of(
        Call("minute").Invite(0).Response(100, 0.01).Response(180, 2).Response(180, 32).Response(480, 62).AckRefusal(62.01),
        Call("three-minutes", to: OtherPerson).Invite(100).Response(180, 101).Response(180, 161).Response(180, 221).Response(200, 281)
            .Ack(281.01).HungUp(291));

    private static IEnumerable<CapturedPacket> LongCalls() => Of(
        Call("hour").Taken(0).HungUp(5 + 3600),
        Call("four-hours", to: OtherPerson).Taken(10).HungUp(15 + (4 * 3600), Side.Callee),
        Call("twelve-hours", OtherNumber).Taken(20).HungUp(25 + (12 * 3600)));

    private static IEnumerable<CapturedPacket> SessionTimer()
    {
        const string Timer = "Session-Expires: 1800;refresher=uac\r\n";
        Scenario kept = Call("kept").Invite(0).Response(180, 2).Response(200, 5, headers: Timer).Ack(5.01);
        Scenario dropped = Call("dropped", to: OtherPerson).Invite(10).Response(180, 12).Response(200, 15, headers: Timer).Ack(15.01);
        for (int i = 1; i <= 15; i++)
        {
            kept.Request(i % 2 == 0 ? "INVITE" : "UPDATE", 5 + (900 * i)).Ok(5.1 + (900 * i), Timer);
        }

        dropped.Request("UPDATE", 915).Ok(915.1, Timer).Request("UPDATE", 1815).Ok(1815.1, Timer);
        return Of(kept.HungUp(5 + (4 * 3600)), dropped);
    }

    /// <summary>
    /// Blind: the person called asks this PBX to put the call through (REFER on the trunk), which places a leg of its own. Attended: an agent
    /// puts two trunk legs together from the phone; they go on, the phone's legs end.
    /// </summary>
    private static IEnumerable<CapturedPacket> Referred() => Of(
        Registration(0),
        Call("phone-1", "21", Person, Phone, Pbx).Taken(1).HungUp(21.2, Side.Callee),
        Call("blind").Taken(1.1).Request("REFER", 20, Side.Callee, headers: $"Refer-To: <sip:{OtherPerson}@192.0.2.10>\r\n").Reply(202, 20.01)
            .Request("NOTIFY", 20.1, headers: "Event: refer\r\nSubscription-State: active\r\n").Ok(20.11)
            .Request("NOTIFY", 26.1, headers: "Event: refer\r\nSubscription-State: terminated\r\n").Ok(26.11).HungUp(26.2, Side.Callee),
        Call("transferred", to: OtherPerson).Invite(20.2, headers: "Referred-By: <sip:0639980001@192.0.2.10>\r\n").Response(100, 20.21)
            .Response(180, 22).Response(200, 26).Ack(26.01).HungUp(46),
        Call("phone-2", "21", Person, Phone, Pbx).Taken(100)
            .Request("REFER", 130, headers: $"Refer-To: <sip:{OtherPerson}@pbx.test?Replaces=phone-3%40pbx.test>\r\n").Reply(202, 130.01)
            .HungUp(130.2, Side.Callee),
        Call("attended-1", OtherNumber).Taken(100.1).HungUp(165.1),
        Call("phone-3", "21", OtherPerson, Phone, Pbx).Taken(110).HungUp(130.3, Side.Callee),
        Call("attended-2", OtherNumber, OtherPerson).Taken(110.1).HungUp(165.2));

    private static IEnumerable<CapturedPacket> Redirected()
    {
        Scenario sameTrunk = Call("r302").Invite(0).Response(302, 0.1, headers: $"Contact: <sip:{Person}@192.0.2.10;user=phone>\r\n").AckRefusal(0.11)
            .Taken(0.2).HungUp(35.2);
        Scenario refused = Call("r300", to: OtherPerson).Invite(40).Response(300, 40.1).AckRefusal(40.11).Invite(40.2).Response(100, 40.21)
            .Response(486, 41).AckRefusal(41.01);
        Scenario otherTrunk = Call("r305", OtherNumber).Invite(50).Response(305, 50.1).AckRefusal(50.11).Between(Pbx, OtherCarrier)
            .Taken(50.2).HungUp(75.2);
        return Of(sameTrunk, refused, otherTrunk);
    }

    private static IEnumerable<CapturedPacket> AnonymousAsserted() => Of(
        Anonymous("private", $"P-Asserted-Identity: \"Any\" <sip:{OurNumber}@pbx.test>\r\nPrivacy: id\r\n", 0),
        Anonymous("shown", $"P-Asserted-Identity: <tel:+33{OurNumber[1..]}>\r\n", 40),
        Anonymous("nobody", "Privacy: id\r\n", 80));

    private static Scenario Anonymous(string id, string headers, double at) => new Scenario()
        .NewCall($"{id}@pbx.test", id, "\"Anonymous\" <sip:anonymous@anonymous.invalid>", $"<sip:{Person}@192.0.2.10>")
        .Between(Pbx, Carrier).Invite(at, headers).Response(100, at + 0.01).Response(180, at + 2).Response(200, at + 5).Ack(at + 5.01).HungUp(at + 25);

    private static IEnumerable<CapturedPacket> Forms()
    {
        (string From, string To)[] forms =
        [
            ("f: <sip:+33199000001@pbx.test;user=phone>;tag=c", "sip:0033639980001@192.0.2.10"),
            ("From:\r\n  \"Soci\u00e9t\u00e9, \\\"A\\\"\"\r\n <sip:0033199000001@pbx.test>;tag=c", "sip:+33639980001@192.0.2.10;user=phone"),
            ("From: tel:+33-1-99-00-00-01;tag=c", "tel:+33-6-39-98-00-01"),
            ("From: sip:33199000001@pbx.test;tag=c", "sip:33639980001@192.0.2.10"),
            ("from : <sips:%30199000001@pbx.test>;x=y;tag=c", "sip:0639980001;npdi@192.0.2.10"),
        ];
        for (int i = 0; i < forms.Length; i++)
        {
            (string from, string to) = forms[i];
            string via = $"v: SIP/2.0/UDP 10.0.0.5:5060;branch=z9hG4bK-f{i} , SIP/2.0/UDP 10.0.0.21\r\n";
            string head = $"{via}{from}\r\nt: <{to}>{{0}}\r\ni: form-{i}@pbx.test\r\nCSeq:\r\n\t1 INVITE\r\n";
            Scenario s = Call($"form-{i}");
            s.Datagram($"INVITE {to} SIP/2.0\r\n" + head.Replace("{0}", "", StringComparison.Ordinal) + "l: 0\r\n\r\n", 10 * i);
            s.Between(Carrier, Pbx).Datagram("SIP/2.0 486 Busy\r\n" + head.Replace("{0}", ";tag=d", StringComparison.Ordinal) + "l: 0\r\n\r\n", (10 * i) + 1);
            foreach (CapturedPacket packet in s.Packets)
            {
                yield return packet;
            }
        }
    }

    private static IEnumerable<CapturedPacket> EarlyMedia() => Of(
        Call("announcement").Invite(0).Response(100, 0.01).Response(183, 1.5).Response(480, 21.5).AckRefusal(21.51));

    private static IEnumerable<CapturedPacket> NoAck() => Of(
        Call("given-up").Ringing(0).Response(200, 5).Again(5.5).Again(6.5).Again(8.5).Again(12.5).HungUp(37, Side.Callee),
        Call("silent", to: OtherPerson).Ringing(10).Response(200, 15).Again(15.5),
        Call("later", OtherNumber).Invite(200).Response(404, 201).AckRefusal(201.01));

    /// <summary>A scanner tries a thousand extensions, and the carrier a thousand of our numbers that nobody answers; one true call among them.</summary>
    private static List<CapturedPacket> Flood()
    {
        List<CapturedPacket> packets = [.. Call("true").Taken(1).HungUp(36).Packets];
        for (int i = 0; i < 1_000; i++)
        {
            packets.AddRange(Call($"scan-{i}", "100", $"9{i:000}", Hosts.UnlistedCarrier, Pbx).Invite(0.5 + (i * 0.01)).Packets);
            packets.AddRange(Call($"flood-{i}", "0639980009", $"0353010{i:000}", Carrier, Pbx).Invite(0.505 + (i * 0.01)).Packets);
        }

        packets.AddRange(Call("later", OtherNumber).Invite(90).Response(486, 91).AckRefusal(91.01).Packets);
        return packets;
    }

    private static IEnumerable<CapturedPacket> ByeRefused() => Of(
        Call("goes-on").Taken(0).Bye(20).Reply(481, 20.1).Request("UPDATE", 22).Ok(22.1).HungUp(65),
        Call("was-the-end", to: OtherPerson).Taken(70).Bye(95).Reply(481, 95.1),
        Call("later", OtherNumber).Invite(200).Response(486, 201).AckRefusal(201.01));

    /// <summary>Three calls up when the PBX dies; back after 8 s it knows none of them and refuses the carrier's BYEs.</summary>
    private static IEnumerable<CapturedPacket> PbxKilled() => Of(
        Registration(0),
        Call("killed-1").Taken(1),
        Call("killed-2", to: OtherPerson).Taken(2),
        Call("killed-3", OtherNumber).Taken(3),
        Registration(28),
        Call("killed-1", hop: "late-").Request("BYE", 40, Side.Callee).Reply(481, 40.01),
        Call("killed-2", to: OtherPerson, hop: "late-").Request("BYE", 50, Side.Callee).Reply(481, 50.01),
        Call("after", OtherNumber, OtherPerson).Taken(60).HungUp(75),
        Call("later", OtherNumber, OtherPerson).Invite(600).Response(486, 601).AckRefusal(601.01));

    private static IEnumerable<CapturedPacket> WithoutNumber()
    {
        string[] callers = ["<sip:pbx.test>", "<sip:anonymous@anonymous.invalid>", "\"Unknown\" <sip:unknown@unknown.invalid>", "<sip:dialer-7@pbx.test>"];
        return callers.SelectMany((from, i) => new Scenario()
            .NewCall($"bucket-{i}@pbx.test", $"bucket-{i}", from, $"<sip:{Person}@192.0.2.10>").Between(Pbx, Carrier)
            .Taken(20 * i).HungUp((20 * i) + 5 + (i + 1)).Packets);
    }

    /// <summary>The same dialog sent elsewhere, and another one begun for the same call.</summary>
    private static IEnumerable<CapturedPacket> RedirectedInBothWays()
    {
        string contact = $"Contact: <sip:{OtherPerson}@192.0.2.10>\r\n";
        Scenario same = Call("same-id").Invite(0).Response(302, 0.1, headers: contact).AckRefusal(0.11)
            .Invite(0.2, uri: $"sip:{OtherPerson}@192.0.2.10").Response(100, 0.21).Response(180, 2.2).Response(200, 5.2)
            .Ack(5.21).HungUp(25.2);
        return Of(
            same,
            Call("first-id", OtherNumber).Invite(40).Response(302, 40.1, headers: contact).AckRefusal(40.11),
            Call("second-id", OtherNumber, OtherPerson).Taken(40.2).HungUp(55.2));
    }

    private static IEnumerable<CapturedPacket> PaiInResponses()
    {
        const string Asserted = "P-Asserted-Identity: <sip:+33639980099@192.0.2.10>\r\n";
        return Of(Call("connected").Invite(0).Response(180, 2, headers: Asserted).Response(200, 5, headers: Asserted).Ack(5.01).HungUp(25));
    }
}
