using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Tests.Calls;

namespace EdgeAgent.Core.Tests.Cases;

/// <content>Cases 1 to 14: how single calls go out and end.</content>
internal static partial class CaseScripts
{
    private static IEnumerable<CapturedPacket> Challenged() => Of(
        Call("c407").Invite(0).Response(100, 0.01).Response(407, 0.05).AckRefusal(0.06).Taken(0.1).HungUp(65.1),
        Call("c401", OtherNumber, OtherPerson).Invite(10).Response(100, 10.01).Response(401, 10.05).AckRefusal(10.06).Taken(10.1)
            .HungUp(45.1, Side.Callee));

    private static IEnumerable<CapturedPacket> NeverRetried() => Of(
        Call("c401").Invite(0).Response(100, 0.01).Response(401, 0.05).AckRefusal(0.06),
        Call("c407", to: OtherPerson).Invite(300).Response(100, 300.01).Response(407, 300.05).AckRefusal(300.06));

    private static IEnumerable<CapturedPacket> Retransmitted() => Of(
        Call("again").Invite(0).Again(0.5).Again(1.5).Response(100, 1.6).Response(180, 3).Response(200, 6).Again(6.5).Again(7.5).Ack(7.51)
            .Bye(36).Again(36.5).Ok(36.6).Again(36.7));

    /// <summary>As a capture on two interfaces is joined: responses some milliseconds ahead of their INVITE.</summary>
    private static IEnumerable<CapturedPacket> ResponseFirst()
    {
        Scenario answered = Call("early").Invite(0.004).Response(100, 0.001).Response(180, 2).Response(200, 5).Ack(5.01).HungUp(20);
        Scenario busy = Call("busy", to: OtherPerson).Invite(30.006).Response(486, 30.001).AckRefusal(30.01);
        List<CapturedPacket> first = answered.Packets;
        List<CapturedPacket> second = busy.Packets;
        return [first[1], first[0], .. first[2..], second[1], second[0], .. second[2..]];
    }

    private static IEnumerable<CapturedPacket> CancelCrosses200() => Of(
        Call("crossed").Ringing(0).Cancel(9).Response(200, 9.005).Ok(9.01).Ack(9.02).HungUp(9.03),
        Call("crossed-too", to: OtherPerson).Ringing(20).Cancel(29).Ok(29.005).Response(200, 29.01).Ack(29.02).HungUp(39.01, Side.Callee));

    private static IEnumerable<CapturedPacket> Cancelled() => Of(
        Call("rang").Ringing(0).Cancel(17).Ok(17.01).Response(487, 17.02).AckRefusal(17.03),
        Call("silent", to: OtherPerson).Invite(20).Response(100, 20.01).Cancel(23).Ok(23.01).Response(487, 23.02).AckRefusal(23.03),
        Call("unanswered", OtherNumber).Ringing(30).Cancel(40).Ok(40.01),
        Call("later", OtherNumber, OtherPerson).Invite(90).Response(404, 91).AckRefusal(91.01));

    /// <summary>A refusal of which the ACK alone was captured; a 200 of which only the retransmission was, behind the ACK to the first.</summary>
    private static IEnumerable<CapturedPacket> FinalLost() => Of(
        Call("refused").Ringing(0).AckRefusal(6),
        Call("answered", to: OtherPerson).Ringing(10).Ack(15.01).Response(200, 15.5).Ack(15.51).HungUp(25),
        Call("later", OtherNumber).Invite(90).Response(486, 91).AckRefusal(91.01));

    private static IEnumerable<CapturedPacket> Finals()
    {
        int[] finals = [400, 300, 305, 380, 600, 603, 604, 606, 607, 608];
        for (int i = 0; i < finals.Length; i++)
        {
            foreach (CapturedPacket packet in Call($"f{finals[i]}").Invite(10 * i).Response(100, (10 * i) + 0.01)
                .Response(finals[i], (10 * i) + 1).AckRefusal((10 * i) + 1.01).Packets)
            {
                yield return packet;
            }
        }

        const string Blocked = "Reason: SIP;cause=603;text=\"v=analytics1;url=https://block.test\"\r\n";
        foreach (CapturedPacket packet in Call("f603block").Invite(100).Response(603, 101, headers: Blocked).AckRefusal(101.01).Packets)
        {
            yield return packet;
        }
    }

    private static IEnumerable<CapturedPacket> Progress() => Of(
        Call("p181").Invite(0).Response(100, 0.01).Response(181, 1).Response(183, 2).Response(200, 6).Ack(6.01).HungUp(26),
        Call("p183", to: OtherPerson).Invite(30).Response(183, 31.5).Response(183, 33).Response(200, 36).Ack(36.01).HungUp(46));

    private static IEnumerable<CapturedPacket> Forked() => Of(
        Call("forked").Invite(0).Response(100, 0.01).Response(180, 1, "b1").Response(180, 1.5, "b2").Response(183, 2, "b3")
            .Response(200, 5, "b1").Ack(5.01).Response(200, 5.5, "b2").Ack(5.51)
            .Bye(6, toTag: "b2").Ok(6.01).Bye(65, toTag: "b1").Ok(65.01));

    private static IEnumerable<CapturedPacket> ReInvites() => Of(
        Call("renegotiated").Taken(0)
            .Request("INVITE", 10).Ok(10.1).AckRequest(10.2)
            .Request("INVITE", 20).Reply(488, 20.1).AckRequest(20.2)
            .Request("INVITE", 30, Side.Callee).Reply(491, 30.1).AckRequest(30.2)
            .Request("INVITE", 32, Side.Callee).Ok(32.1).AckRequest(32.2)
            .HungUp(65));

    private static IEnumerable<CapturedPacket> Noise() => Of(
        Call("noisy").Invite(0).Response(100, 0.01).Response(183, 1, headers: "Require: 100rel\r\nRSeq: 1\r\n")
            .Request("PRACK", 1.1, headers: "RAck: 1 1 INVITE\r\n").Ok(1.2).Request("UPDATE", 2).Ok(2.1).Response(180, 3).Response(200, 5)
            .Ack(5.01).Request("INFO", 10).Ok(10.1).Request("MESSAGE", 12, Side.Callee).Reply(405, 12.1).Request("OPTIONS", 14).Ok(14.1)
            .Request("UPDATE", 16, Side.Callee).Ok(16.1).Request("NOTIFY", 18).Reply(489, 18.1).HungUp(35),
        Call("ping", "ping", "ping").Request("OPTIONS", 4, toTag: "").Ok(4.01).Request("MESSAGE", 20).Reply(202, 20.1)
            .Request("PUBLISH", 22).Reply(489, 22.1).Request("SUBSCRIBE", 24).Reply(403, 24.1));

    private static IEnumerable<CapturedPacket> Byes() => Of(
        Call("caller").Taken(0).HungUp(15),
        Call("callee", to: OtherPerson).Taken(20).HungUp(45, Side.Callee),
        Call("retransmitted", OtherNumber).Taken(50).Bye(65).Again(65.5).Again(66.5).Ok(66.6),
        Call("challenged", OtherNumber, OtherPerson).Taken(70).Bye(95).Reply(407, 95.1).Bye(95.2).Ok(95.3),
        Call("glare").Taken(100).Bye(110).Bye(110.02, Side.Callee).Ok(110.05));

    /// <summary>Lost for good; lost under a session timer; only its 200 lost; and traffic that lets the time pass.</summary>
    private static IEnumerable<CapturedPacket> ByeLost() => Of(
        Call("lost").Taken(0),
        Call("timer", to: OtherPerson).Invite(10).Response(200, 15, headers: "Session-Expires: 90;refresher=uac\r\n").Ack(15.01),
        Call("ok-lost", OtherNumber).Taken(20).Bye(55),
        Call("later", OtherNumber, OtherPerson).Invite(600).Response(486, 601).AckRefusal(601.01));
}
