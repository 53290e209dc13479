using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Packets;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Calls;

public sealed class OwnHostScoutTests
{
    private static readonly IpEndpoint Own = Hosts.At("192.0.2.100");
    private static readonly TrunkTable Network = new([new Trunk("carrier", [Hosts.Range("192.0.2.0/24")], PartyReader.DefaultOrder)]);

    [Fact]
    public void OwnHosts_OneHostSpeaksWithSeveralOfTheRange_IsThatHost()
    {
        Scenario s = new Scenario().Between(Own, Hosts.Carrier).Answered().Between(Hosts.CarrierSecondHost, Own).Answered();

        Scout(s).ShouldBe([Own.Address]);
    }

    [Fact]
    public void OwnHosts_TwoHosts_IsTheOneThatCalls()
    {
        Scenario s = new Scenario().Between(Own, Hosts.Carrier).Answered();

        Scout(s).ShouldBe([Own.Address]);
    }

    [Fact]
    public void OwnHosts_OneEndOutsideTheRange_AreNone()
    {
        Scenario s = new Scenario().Between(Hosts.Pbx, Hosts.Carrier).Answered();

        Scout(s).ShouldBeEmpty();
    }

    [Fact]
    public void OwnHosts_GivenToTheTrunks_CallsAreOutboundAgain()
    {
        Scenario written = new Scenario().Between(Own, Hosts.Carrier).Answered();
        EngineRun run = new EngineRun(EngineRun.Settings(Network.WithOwnHosts(Scout(written)))).Play(written.Packets);
        run.Engine.Finish();

        run.Call.Direction.ShouldBe(CallDirection.Outbound);
        run.Totals.AnsweredEnded.ShouldBe(1);
    }

    private static IReadOnlyList<UInt128> Scout(Scenario s)
    {
        OwnHostScout scout = new(Network);
        foreach (CapturedPacket packet in s.Packets)
        {
            scout.OnPacket(packet);
        }

        return scout.OwnHosts;
    }
}
