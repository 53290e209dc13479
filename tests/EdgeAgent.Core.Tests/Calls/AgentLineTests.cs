using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Guard.Policy;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Packets;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Calls;

/// <summary>Which agent line is behind a call on a trunk, told by what G19 says of a campaign that is declared manual.</summary>
public sealed class AgentLineTests
{
    private const string Number = "<sip:+33162123456@pbx.test>";
    private int _calls;

    [Fact]
    public void TwoCalls_OfOnePhoneAtOnce_LookAutomated()
    {
        Scenario s = Manual();
        Dial(s, at: 0, line: "21", last: 1);
        Dial(s, at: 20, line: "21", last: 2);

        Alerts(s).ShouldBe(1);
        Hit(s).ShouldBe(("parallel", 2, 1));
    }

    [Fact]
    public void TwoCalls_OfTwoPhonesBehindOneAddress_DoNot()
    {
        Scenario s = Manual();
        Dial(s, at: 0, line: "21", last: 1);
        Dial(s, at: 20, line: "22", last: 2);

        Alerts(s).ShouldBe(0);
    }

    [Theory]
    [InlineData("0612340001")]
    [InlineData("900612340001")] // a prefix for the outside line
    [InlineData("+33612340001")]
    [InlineData("0033612340001")]
    public void Dialled_HoweverItIsWritten_IsKnownOnTheTrunk(string dialled)
    {
        Scenario s = Manual();
        Dial(s, at: 0, line: "21", last: 1, dialled: dialled);
        Dial(s, at: 20, line: "21", last: 2);

        Alerts(s).ShouldBe(1);
    }

    [Theory]
    [InlineData(5.0, 1)]
    [InlineData(5.1, 0)] // the trunk's call is another one
    public void Dialled_ThatLongBefore_IsTheSameCall(double delay, int expected)
    {
        Scenario s = Manual();
        Dial(s, at: 0, line: "21", last: 1);
        Dial(s, at: 20, line: "21", last: 2, delay: delay);

        Alerts(s).ShouldBe(expected);
    }

    [Theory]
    [InlineData("21", false)] // nobody knows whether that host is a phone
    [InlineData("+33162123456", true)] // many phones show the same number
    [InlineData("anonymous", true)]
    public void Line_ThatCannotBeTold_IsNone(string line, bool isRegistered)
    {
        Scenario s = Manual(isRegistered);
        Dial(s, at: 0, line, last: 1);
        Dial(s, at: 20, line, last: 2);

        Alerts(s).ShouldBe(0);
        s.Totals.Attempts.ShouldBe(2);
    }

    [Fact]
    public void Dialled_ThroughAProxy_IsKnownByItsCallId()
    {
        Scenario s = Manual();
        foreach (double at in (double[])[0, 20])
        {
            string id = $"proxied-{at}";
            s.NewCall(callId: id, tag: "p", from: "<sip:21@pbx.test>", to: "<sip:4021@pbx.test>", hop: "phone").Between(Hosts.Phone, Hosts.Pbx)
                .Invite(at).Between(Hosts.Pbx, Hosts.Carrier).NewCall(hop: "trunk").Invite(at, uri: $"sip:+3361234{at:0000}@carrier.test", cseq: 1)
                .Response(200, at + 3).Ack();
        }

        Alerts(s).ShouldBe(1); // a short code gives no digits to go by
    }

    [Theory]
    [InlineData(486)]
    [InlineData(200)]
    public void NextCall_OnceTheLastIsOver_IsManual(int status)
    {
        Scenario s = Manual();
        for (int i = 0; i < 8; i++)
        {
            Dial(s, at: i * 20, line: "21", last: i, status: status);
            _ = status == 200 ? s.Bye(at: (i * 20) + 10).Ok() : s;
        }

        Alerts(s).ShouldBe(0);
    }

    [Fact]
    public void NextCall_BeforeTheByeIsAnswered_IsManual()
    {
        Scenario s = Manual();
        Dial(s, at: 0, line: "21", last: 1);
        s.Bye(at: 10); // its 200 is lost
        Dial(s, at: 13, line: "21", last: 2);

        Alerts(s).ShouldBe(0);
    }

    [Fact]
    public void NextCall_AfterAByeNobodySawOnTheTrunk_IsManual()
    {
        Scenario s = Manual();
        OnPhone(s, at: 0, line: "21", "0612340001");
        OnTrunk(s, at: 0.05, last: 1, status: 200); // and never a BYE
        s.NewCall(callId: "phone-1", tag: "p", from: "<sip:21@pbx.test>", to: "<sip:0612340001@pbx.test>").Between(Hosts.Phone, Hosts.Pbx)
            .Response(200, at: 2, cseq: 1).Ack().Bye(at: 10).Ok();
        Dial(s, at: 20, line: "21", last: 2);

        Alerts(s).ShouldBe(0);
    }

    [Fact]
    public void FurtherTrunks_OfOnePhonesLeg_AreOneCallOfTheLine()
    {
        Scenario s = Manual();
        OnPhone(s, at: 0, line: "21", "0612340001");
        s.NewCall(callId: "silent", tag: "t", from: Number, to: "<sip:+33612340001@carrier.test>").Between(Hosts.Pbx, Hosts.Carrier).Invite(at: 0.1);
        s.NewCall(callId: "forked", tag: "t").Between(Hosts.Pbx, Hosts.OtherCarrier).Invite(at: 0.2);
        s.NewCall(callId: "third", tag: "t").Between(Hosts.Pbx, Hosts.Carrier).Invite(at: 4).Response(200, at: 5).Ack().Bye(at: 15).Ok();
        Dial(s, at: 20, line: "21", last: 2);

        (s.Totals.Attempts, Alerts(s)).ShouldBe((4, 0));
    }

    [Fact]
    public void OnePerson_DialledByTwoPhonesAtOnce_IsNobodysCall()
    {
        Scenario s = Manual();
        OnPhone(s, at: 0, line: "21", "0612340001");
        OnPhone(s, at: 0.5, line: "22", "0612340001");
        OnTrunk(s, at: 1, last: 1, status: 200);
        OnTrunk(s, at: 2, last: 1, status: 200);

        Alerts(s).ShouldBe(0);
    }

    [Fact]
    public void Reload_WithoutTheTrunkTheLineIsBusyOn_FreesIt()
    {
        Scenario first = Manual();
        Dial(first, at: 0, line: "21", last: 1);
        TrunkTable left = new([new Trunk("new", [Hosts.Range("198.51.100.7/32")], PartyReader.DefaultOrder)]);
        EngineSettings settings = Settings();
        EngineRun run = EngineRun.Restored(
            settings with { Trunks = left, Policy = settings.Policy with { Trunks = [new TrunkAssignment("new", Campaign: "hand")] } },
            first.Run.Engine.Save(),
            isAfterBlind: false);
        Scenario s = new(run);
        OnPhone(s, at: 20, line: "21", "0612340002");
        s.NewCall(callId: "b", tag: "t", from: Number, to: "<sip:+33612340002@carrier.test>").Between(Hosts.Pbx, Hosts.OtherCarrier).Invite(at: 20.1);

        (s.Totals.Attempts, Alerts(s)).ShouldBe((2, 0)); // the first is in the saved minute
    }

    [Theory]
    [InlineData(503)]
    [InlineData(403)]
    [InlineData(404)]
    public void NextTrunk_AtOnceAfterAFailure_IsNoRedial(int status)
    {
        Scenario s = Manual();
        for (int i = 0; i < 8; i++)
        {
            double at = i * 20;
            Dial(s, at, line: "21", last: i, status: status);
            OnTrunk(s, at + 0.6, last: i, status: 486);
        }

        (s.Totals.Attempts, Alerts(s)).ShouldBe((16, 0));
    }

    [Fact]
    public void NextCall_AgainAndAgainFasterThanAHand_LooksAutomated()
    {
        Scenario s = Manual();
        for (int i = 0; i < 7; i++)
        {
            Dial(s, at: i * 20, line: "21", last: i);
            s.Bye(at: (i * 20) + 19.5).Ok();
        }

        Alerts(s).ShouldBe(2); // the sixth call is the fifth quick one
        Hit(s).ShouldBe(("quickRedial", 6, 5));
    }

    [Fact]
    public void NextCall_AfterTheAgentWasBlind_IsHeldAgainstNobody()
    {
        Scenario s = Manual();
        Dial(s, at: 0, line: "21", last: 1);
        s.Run.Engine.OnBlind(Scenario.At(10), Scenario.At(200), ObservationCause.AgentStopped);
        Dial(s, at: 220, line: "21", last: 2);

        Alerts(s).ShouldBe(0);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)] // it may have ended unseen
    public void Restart_WhileTheLineIsBusy_KnowsIt(bool isAfterBlind, int expected)
    {
        Scenario first = Manual();
        Dial(first, at: 0, line: "21", last: 1);
        EngineRun run = EngineRun.Restored(Settings(), first.Run.Engine.Save(), isAfterBlind);
        if (isAfterBlind)
        {
            run.Engine.OnBlind(Scenario.At(10), Scenario.At(15), ObservationCause.AgentStopped);
        }

        Scenario s = new(run);
        Dial(s, at: 20, line: "21", last: 2);

        s.Totals.Guards.Of(GuardId.Concurrency).Alerts.ShouldBe(expected);
    }

    [Fact]
    public void Restart_ThenTheLineHangsUp_IsFreeAgain()
    {
        Scenario first = Manual();
        Dial(first, at: 0, line: "21", last: 1);
        EngineRun run = EngineRun.Restored(Settings(), first.Run.Engine.Save(), isAfterBlind: false);
        foreach (CapturedPacket packet in first.Bye(at: 10).Ok().Packets.TakeLast(2))
        {
            run.Engine.OnPacket(packet);
        }

        Scenario s = new(run);
        Dial(s, at: 20, line: "21", last: 2);

        s.Totals.Guards.Of(GuardId.Concurrency).Alerts.ShouldBe(0);
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(1, 1)]
    public void Dialled_MoreThanAreRemembered_ForgetsTheOldest(int limit, int forgotten)
    {
        Scenario s = new(Settings() with { Calls = new CallLimits { MaxDialled = limit } });
        s.Register(Hosts.Phone, Hosts.Pbx, at: 0);
        OnPhone(s, at: 0, line: "21", "0612340001");
        OnPhone(s, at: 1, line: "22", "0612340002");
        s.Finish();

        s.Run.Engine.Counters.Quality.Forgotten.ShouldBe(forgotten);
    }

    private static EngineSettings Settings() => EngineRun.Settings() with
    {
        Policy = GuardPolicy.Default with
        {
            ObserveFor = TimeSpan.Zero,
            Campaigns = [new PolicyCampaign { Id = "hand", Mode = DiallingMode.Manual }],
            Trunks = [new TrunkAssignment("carrier", Campaign: "hand")],
        },
    };

    private static Scenario Manual(bool isRegistered = true)
    {
        Scenario s = new(Settings());
        return isRegistered ? s.Register(Hosts.Phone, Hosts.Pbx, at: 0) : s;
    }

    private static long Alerts(Scenario s) => s.Totals.Guards.Of(GuardId.Concurrency).Alerts;

    private static (string Reason, double Value, double Limit) Hit(Scenario s)
    {
        GuardHit hit = s.Run.Engine.Guards.Book.State.Alerts.All().Single(alert => alert.Rule == GuardId.Concurrency).Hit;
        return (hit.Reason, hit.Value, hit.Limit);
    }

    /// <summary>A phone dials, and the PBX places the call on the trunk; it is answered after a second, or refused.</summary>
    private void Dial(Scenario s, double at, string line, int last, string? dialled = null, double delay = 0.05, int status = 200)
    {
        OnPhone(s, at, line, dialled ?? $"061234{last:0000}");
        OnTrunk(s, at + delay, last, status);
    }

    private void OnPhone(Scenario s, double at, string line, string dialled) =>
        s.NewCall(callId: $"phone-{++_calls}", tag: "p", from: $"<sip:{line}@pbx.test>", to: $"<sip:{dialled}@pbx.test>")
            .Between(Hosts.Phone, Hosts.Pbx).Invite(at).Response(100);

    private void OnTrunk(Scenario s, double at, int last, int status)
    {
        s.NewCall(callId: $"trunk-{++_calls}", tag: "t", from: Number, to: $"<sip:+3361234{last:0000}@carrier.test>")
            .Between(Hosts.Pbx, Hosts.Carrier).Invite(at).Response(100);
        _ = status == 200 ? s.Response(200, at + 1).Ack() : s.Response(status, at + 0.5).AckRefusal();
    }
}
