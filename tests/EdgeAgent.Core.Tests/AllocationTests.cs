using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Tests.Calls;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests;

/// <summary>A PBX under load must not feel the agent: what changes no call leaves nothing for the collector.</summary>
public sealed class AllocationTests
{
    /// <summary>What is kept of a call, its dialog, Call-ID and tag among it.</summary>
    private const int MaxCallBytes = 900;

    [Fact]
    public void OnPacket_Retransmissions_AllocateNothing()
    {
        Scenario s = new Scenario().Invite(at: 0).Response(100).Response(180, at: 2);

        Allocated(s, s.Packets).ShouldBe(0);
    }

    [Fact]
    public void OnPacket_OptionsAndRegister_AllocateNothing()
    {
        Scenario s = new Scenario().Request("OPTIONS", at: 0).Ok().Register(Hosts.Phone, Hosts.Pbx);

        Allocated(s, s.Packets).ShouldBe(0);
    }

    [Fact]
    public void OnPacket_InDialogRequests_AllocateNothing()
    {
        Scenario s = new Scenario().Invite(at: 0).Response(200, at: 5).Ack();
        int answered = s.Packets.Count;
        s.Request("INFO", at: 6).Ok().Request("UPDATE", by: Side.Callee).Ok().Request("INVITE").Reply(100).Ok().Request("ACK");

        Allocated(s, s.Packets[answered..]).ShouldBe(0);
    }

    [Fact]
    public void OnPacket_CopiesOfARefer_AllocateNothing()
    {
        Scenario s = new Scenario().Invite(at: 0).Response(200, at: 5).Ack();
        int answered = s.Packets.Count;
        s.Request("REFER", at: 6, by: Side.Callee, headers: "Refer-To: <sip:+33699887766@x?Replaces=a%40b>\r\n").Reply(202);

        Allocated(s, s.Packets[answered..]).ShouldBe(0);
    }

    [Fact]
    public void OnPacket_CopiesOfAnInviteWithEveryHeader_AllocateNothing()
    {
        const string headers = "Diversion: <sip:+33155667788@x>\r\nHistory-Info: <sip:+33155667788@x>;index=1, <sip:+33612345678@x>;index=1.1\r\n"
            + "Replaces: other@x;to-tag=1;from-tag=2\r\nReferred-By: <sip:21@x>\r\nIdentity: no passport\r\n";
        Scenario s = new Scenario().Invite(at: 0, headers: headers).Response(180, at: 2);

        Allocated(s, s.Packets).ShouldBe(0);
    }

    [Fact]
    public void OnPacket_CopiesOfAnEndedCall_AllocateNothing()
    {
        Scenario s = new Scenario().Answered(at: 0, talk: 10);

        Allocated(s, [.. s.Packets.Select(packet => packet with { At = s.Packets[^1].At })]).ShouldBe(0);
    }

    [Fact]
    public void OnPacket_OrphansKeepAlivesAndNoSip_AllocateNothing()
    {
        Scenario s = new Scenario().Bye(at: 0).Ok().Datagram("\r\n\r\n").Datagram("GET / HTTP/1.1\r\n\r\n")
            .Between(Hosts.At("10.0.0.5", 4000), Hosts.At("192.0.2.10", 4002)).Datagram("\x80\x60rtp");

        Allocated(s, s.Packets).ShouldBe(0);
    }

    [Fact]
    public void OnPacket_AnsweredCallsOfOneMinute_AllocateTheCallAndLittleElse()
    {
        const int callsPerRound = 20;
        Scenario s = new();
        for (int i = 0; i < (Allocations.Rounds + 1) * callsPerRound; i++)
        {
            s.NewCall($"call-{i}@pbx.test").Answered(at: i * 0.1, talk: 0.05);
        }

        SignallingEngine engine = new(EngineRun.Settings(), new Deaf());
        Queue<CapturedPacket[]> rounds = new(s.Packets.Chunk(s.Packets.Count / (Allocations.Rounds + 1)));
        void PlayNext() => Play(engine, rounds.Dequeue(), 1);
        PlayNext();

        (Allocations.Least(PlayNext) / callsPerRound).ShouldBeLessThan(MaxCallBytes);
    }

    /// <summary>Bytes allocated by playing the packets again, once everything is warm.</summary>
    private static long Allocated(Scenario s, IReadOnlyList<CapturedPacket> packets)
    {
        SignallingEngine engine = s.Run.Engine;
        Play(engine, packets, 50);
        return Allocations.Least(() => Play(engine, packets, 100));
    }

    private static void Play(SignallingEngine engine, IReadOnlyList<CapturedPacket> packets, int rounds)
    {
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < packets.Count; i++)
            {
                engine.OnPacket(packets[i]);
            }
        }
    }

    /// <summary>Keeps nothing, so that only the engine's own bytes are counted.</summary>
    private sealed class Deaf : IEngineOutput
    {
        public void OnSealed(SealedMinute minute)
        {
        }

        public void OnEvent(AgentEvent agentEvent)
        {
        }

        public void OnClosed(Call call)
        {
        }
    }
}
