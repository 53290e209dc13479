using EdgeAgent.Core.Packets;

namespace EdgeAgent.Core.Tests.Calls;

/// <summary>
/// Calls of every shape as packets, several at a time. What answers at once follows within 20 ms, all else is a second apart, as on a real
/// wire: no reordering brings an answer before the ringing, nor a final response before its INVITE.
/// </summary>
internal static class Ladders
{
    private static readonly Func<Scenario, double, Scenario>[] Shapes =
    [
        (s, t) => Ringing(s, t).Response(200, t + 5).Ack(t + 5.01).Bye(t + 25).Ok(t + 25.01),
        (s, t) => Ringing(s, t).Response(200, t + 5).Ack(t + 5.01).Bye(t + 25, Side.Callee).Ok(t + 25.01),
        (s, t) => Ringing(s.Invite(t).Response(100, t + 0.01).Response(407, t + 0.02).AckRefusal(t + 0.03), t + 0.04)
            .Response(200, t + 5).Ack(t + 5.01).Bye(t + 15).Reply(407, t + 15.01).Bye(t + 15.02).Ok(t + 15.03),
        (s, t) => s.Invite(t).Response(100, t + 0.01).Response(401, t + 0.02).AckRefusal(t + 0.03),
        (s, t) => Ringing(s, t).Response(486, t + 3).AckRefusal(t + 3.01),
        (s, t) => s.Invite(t).Response(100, t + 0.01).Response(404, t + 1).AckRefusal(t + 1.01),
        (s, t) => Ringing(s, t).Cancel(t + 9).Ok(t + 9.01).Response(487, t + 9.02).AckRefusal(t + 9.03),
        (s, t) => Ringing(s, t).Cancel(t + 9).Response(200, t + 9.01).Ok(t + 9.02).Ack(t + 9.03).Bye(t + 10).Ok(t + 10.01),
        (s, t) => Ringing(s, t).Response(180, t + 2, "b2").Response(200, t + 5, "b").Ack(t + 5.01).Response(200, t + 6, "b2").Ack(t + 6.01)
            .Bye(t + 7, toTag: "b").Ok(t + 7.01).Bye(t + 27, toTag: "b2").Ok(t + 27.01),
        (s, t) => s.Invite(t).Response(302, t + 1).AckRefusal(t + 1.01).Invite(t + 2).Response(100, t + 2.01)
            .Response(603, t + 4).AckRefusal(t + 4.01),
        (s, t) => Ringing(s, t).Response(200, t + 5).Ack(t + 5.01).Request("INVITE", t + 8).Reply(200, t + 8.01).Request("INFO", t + 9, Side.Callee)
            .Ok(t + 9.01).Bye(t + 25).Ok(t + 25.01),
        (s, t) => Ringing(s, t).Response(200, t + 5).Ack(t + 5.01).Bye(t + 15).Reply(481, t + 15.01).Request("UPDATE", t + 17).Ok(t + 17.01)
            .Bye(t + 35).Ok(t + 35.01),
        (s, t) => Ringing(s, t).Response(200, t + 5).Ack(t + 5.01),
        (s, t) => s.Invite(t),
        (s, t) => Ringing(s, t),
        (s, t) => s.Invite(t).Response(486, t + 1).AckRefusal(t + 1.01).Invite(t + 2).Response(100, t + 2.01).Response(200, t + 5, "b2")
            .Ack(t + 5.01).Bye(t + 9).Ok(t + 9.01),
    ];

    /// <summary>One call per choice, begun 0.7 s apart; packets in the order of their times.</summary>
    public static CapturedPacket[] Of(byte[] choices)
    {
        List<CapturedPacket> packets = [];
        for (int i = 0; i < choices.Length; i++)
        {
            Scenario s = new Scenario().NewCall(callId: $"call-{i}", tag: $"a{i}", from: $"<sip:+3316212345{i % 3}@pbx.test>");
            packets.AddRange(Shapes[choices[i] % Shapes.Length](s, i * 0.7).Packets);
        }

        return [.. packets.OrderBy(packet => packet.At)];
    }

    private static Scenario Ringing(Scenario s, double t) => s.Invite(t).Response(100, t + 0.01).Response(180, t + 2);
}
