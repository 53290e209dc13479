using System.Collections.Frozen;
using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Calls;

/// <summary>Diversion (RFC 5806) and History-Info (RFC 7044): who forwarded a call, and whose number is whose then.</summary>
public sealed class ForwardingTests
{
    private const string Ours = "+33162123456";
    private const string Caller = "+33611223344";
    private const string Mobile = "+33699887766";
    private static readonly NumberKey OurKey = KeyOf(Ours);

    [Theory]
    [InlineData("Diversion: <sip:+33162123456@x>;reason=unconditional\r\n")]
    [InlineData("Diversion: \"x\" <sip:0162123456@x>;reason=no-answer, <sip:+33100000000@x>\r\n")]
    [InlineData("History-Info: <sip:+33162123456@x?Reason=SIP%3Bcause%3D302>;index=1, <sip:+33699887766@x>;index=1.1;mp=1\r\n")]
    [InlineData("History-Info: <sip:+33162123456@x>;index=1\r\nHistory-Info: <sip:+33699887766@x>;index=1.1\r\n")]
    [InlineData("History-Info: <sip:+33111111111@x>;index=1\r\nHistory-Info: <sip:+33162123456@x>;index=1.1\r\nHistory-Info: <sip:+33699887766@x>;index=1.1.1\r\n")]
    public void Outbound_OfACallThatCameIn_CountsUnderTheNumberThatForwards(string headers)
    {
        Scenario s = CameIn().NewCall(callId: "out", tag: "o", from: $"<sip:{Caller}@x>", to: $"<sip:{Mobile}@x>")
            .Between(Hosts.Pbx, Hosts.Carrier).Invite(at: 12, headers: headers).Response(407).AckRefusal()
            .Invite(at: 12.1, headers: headers).Response(200, at: 15).Ack().Finish();

        s.Run.Numbers.Keys.ShouldBe([OurKey]); // the caller is a person: never a row
        NumberCounters row = s.Run.Numbers[OurKey];
        (row.Attempts, row.Answered, row.Forwarded, row.InboundAttempts, row.InboundForwarded).ShouldBe((1, 1, 1, 1, 0));
        CallRecord leg = s.Calls.Single(call => call.CallId == "out");
        (leg.Number, leg.ForwardedBy).ShouldBe((OurKey, Ours));
    }

    [Fact]
    public void Outbound_AcrossARestart_GoesOnUnderTheNumberThatForwards()
    {
        const string diversion = "Diversion: <sip:+33162123456@x>\r\n";
        Scenario s = CameIn().NewCall(callId: "out", tag: "o", from: $"<sip:{Caller}@x>", to: $"<sip:{Mobile}@x>")
            .Between(Hosts.Pbx, Hosts.Carrier).Invite(at: 12, headers: diversion).Response(407).AckRefusal();
        EngineRun restored = EngineRun.Restored(EngineRun.Settings(), s.Run.Engine.Save(), isAfterBlind: false);

        restored.Play(s.Invite(at: 12.1, headers: diversion).Response(200, at: 15).Ack().Packets[^3..]);

        (restored.Totals.Attempts, restored.Totals.Answered).ShouldBe((1, 1));
    }

    [Theory]
    [InlineData(Caller, false, 0)]
    [InlineData(Caller, true, 0)] // the configuration says whose number forwards
    [InlineData("+33600000000", false, 1)] // nobody with that number called: a header alone lifts no rule
    [InlineData("+33600000000", true, 1)]
    public void Outbound_OfACallThatCameIn_SolicitsNobody(string shown, bool isOwn, long violations)
    {
        EngineSettings settings = EngineRun.Settings() with
        {
            OwnNumbers = isOwn ? new[] { OurKey.Number }.ToFrozenSet() : [],
        };
        Scenario s = CameIn(settings);
        for (int i = 0; i < 3; i++)
        {
            s.NewCall(callId: $"out{i}", tag: "o", from: $"<sip:{shown}@x>", to: "<sip:+590690112233@x>") // 6 o'clock in the morning there
                .Between(Hosts.Pbx, Hosts.Carrier).Invite(at: 12 + (10 * i), headers: "Diversion: <sip:+33162123456@x>\r\n").Response(486).AckRefusal();
        }

        s.Finish();
        (s.Totals.Guards.Of(GuardId.Hours).Violations, s.Totals.Guards.Of(GuardId.Redial).Violations).ShouldBe((3 * violations, 2 * violations));
    }

    [Theory]
    [InlineData(0, 0, 8, 0)]
    [InlineData(0, 0, 9, 1)] // more than failover or a group of phones makes of one call
    [InlineData(0, 487, 1, 1)] // the caller has hung up
    [InlineData(-1, 0, 1, 1)] // nobody answered in any way: whoever sent that INVITE may not be a carrier
    public void Outbound_WhatCarriesNoCallOn_IsJudged(int ringing, int final, int attempts, long violations)
    {
        Scenario s = new Scenario().NewCall(callId: "in", tag: "i", from: $"<sip:{Caller}@x>", to: $"<sip:{Ours}@x>").Between(Hosts.Carrier, Hosts.Pbx)
            .Invite(at: 0);
        _ = ringing == 0 ? s.Response(180, at: 1) : s;
        _ = final > 0 ? s.Response(final, at: 2).AckRefusal() : s;
        for (int i = 0; i < attempts; i++)
        {
            s.NewCall(callId: $"out{i}", tag: "o", from: $"<sip:{Caller}@x>", to: "<sip:+590690112233@x>")
                .Between(Hosts.Pbx, Hosts.Carrier).Invite(at: 12 + i, headers: "Diversion: <sip:+33162123456@x>\r\n").Response(486).AckRefusal();
        }

        s.Totals.Guards.Of(GuardId.Hours).Violations.ShouldBe(violations);
    }

    [Fact]
    public void Outbound_CarryingOnACallOfTheCompanysOwnNumber_IsJudged()
    {
        EngineSettings settings = EngineRun.Settings() with { OwnNumbers = new[] { OurKey.Number, KeyOf(Caller).Number }.ToFrozenSet() };
        Scenario s = CameIn(settings).NewCall(callId: "out", tag: "o", from: $"<sip:{Caller}@x>", to: "<sip:+590690112233@x>")
            .Between(Hosts.Pbx, Hosts.Carrier).Invite(at: 12, headers: "Diversion: <sip:+33162123456@x>\r\n");

        s.Totals.Guards.Of(GuardId.Hours).Violations.ShouldBe(1);
    }

    [Fact]
    public void Outbound_OfACallThatCameInBeforeARestart_SolicitsNobody()
    {
        EngineRun restored = EngineRun.Restored(EngineRun.Settings(), CameIn().Run.Engine.Save(), isAfterBlind: false);

        restored.Play(new Scenario().NewCall(callId: "out", tag: "o", from: $"<sip:{Caller}@x>", to: "<sip:+590690112233@x>")
            .Between(Hosts.Pbx, Hosts.Carrier).Invite(at: 12, headers: "Diversion: <sip:+33162123456@x>\r\n").Packets);

        restored.Totals.Guards.Of(GuardId.Hours).Violations.ShouldBe(0);
    }

    [Theory]
    [InlineData("Diversion: <sip:+33162123456@x>\r\n", 12, "+33600000000")] // nobody with that number called
    [InlineData("Diversion: <sip:+33162123457@x>\r\n", 12, Caller)] // not the number that was called
    [InlineData("Diversion: <sip:+33162123456@x>\r\n", 300, Caller)] // long ago
    public void Outbound_ThatNothingProves_CountsUnderWhatItShows(string headers, double at, string shown)
    {
        Scenario s = CameIn().NewCall(callId: "out", tag: "o", from: $"<sip:{shown}@x>", to: $"<sip:{Mobile}@x>")
            .Between(Hosts.Pbx, Hosts.Carrier).Invite(at, headers: headers).Response(200, at + 3).Ack().Finish();

        (s.Run.Numbers[KeyOf(shown)].Attempts, s.Run.Numbers[KeyOf(shown)].Forwarded).ShouldBe((1, 1));
        s.Calls.Single(call => call.CallId == "out").ForwardedBy.ShouldNotBeNull().Length.ShouldBe(32); // nobody's own: a pseudonym
    }

    [Theory]
    [InlineData(12, Ours)]
    [InlineData(300, Caller)]
    public void Outbound_OfACallThatCameInBeforeARestart_CountsUnderTheNumberThatForwards(double at, string countedUnder)
    {
        EngineRun restored = EngineRun.Restored(EngineRun.Settings(), CameIn().Run.Engine.Save(), isAfterBlind: false);

        restored.Play(new Scenario().NewCall(callId: "out", tag: "o", from: $"<sip:{Caller}@x>", to: $"<sip:{Mobile}@x>")
            .Invite(at, headers: $"Diversion: <sip:{Ours}@x>\r\n").Packets);

        restored.Numbers[KeyOf(countedUnder)].Attempts.ShouldBe(1);
    }

    [Theory]
    [InlineData(2, Caller, 1)]
    [InlineData(3, Ours, 0)]
    public void Outbound_AfterMoreInboundCallsThanAreRemembered_IsOnlyKnownWithinTheLimit(int limit, string countedUnder, long forgotten)
    {
        Scenario s = new(EngineRun.Settings() with { Calls = new CallLimits { MaxForwards = limit } });
        foreach (string caller in (string[])[Caller, "+33611223345", "+33611223346"])
        {
            s.NewCall(callId: caller, tag: caller, from: $"<sip:{caller}@x>", to: $"<sip:{Ours}@x>").Between(Hosts.Carrier, Hosts.Pbx)
                .Invite(at: 0).Response(180, at: 1);
        }

        s.NewCall(callId: "out", tag: "o", from: $"<sip:{Caller}@x>", to: $"<sip:{Mobile}@x>").Between(Hosts.Pbx, Hosts.Carrier)
            .Invite(at: 12, headers: $"Diversion: <sip:{Ours}@x>\r\n").Response(200, at: 15).Ack().Finish();

        s.Run.Numbers[KeyOf(countedUnder)].Attempts.ShouldBe(1);
        s.Run.Engine.Counters.Quality.Forgotten.ShouldBe(forgotten);
        s.Run.Engine.Counters.Quality.Cause.ShouldBe(forgotten > 0 ? "forgotten" : null);
    }

    [Theory]
    [InlineData(Caller, Ours)] // a person is shown
    [InlineData("+33162123499", "+33162123499")] // one of our own numbers is: it counts, whoever is said to forward
    public void Outbound_ForwardedByARegisteredNumber_CountsUnderOurs(string shown, string expected)
    {
        EngineSettings settings = EngineRun.Settings() with
        {
            OwnNumbers = new[] { Ours, "+33162123499" }.Select(number => KeyOf(number).Number).ToFrozenSet(),
        };
        Scenario s = new Scenario(settings).NewCall(from: $"<sip:{shown}@x>")
            .Invite(at: 0, headers: $"Diversion: <sip:{Ours}@x>\r\n").Response(200, at: 1).Ack().Finish();

        s.Run.Numbers.Keys.ShouldBe([KeyOf(expected)]);
        s.Call.ForwardedBy.ShouldBe(Ours);
    }

    [Fact]
    public void Inbound_ForwardedToUs_IsOfTheOriginalCaller()
    {
        Scenario s = new Scenario().NewCall(from: $"<sip:{Caller}@x>", to: $"<sip:{Ours}@x>").Between(Hosts.Carrier, Hosts.Pbx)
            .Invite(at: 0, headers: "Diversion: <sip:+33155667788@x>\r\nP-Asserted-Identity: <sip:+33155667788@x>\r\n")
            .Response(200, at: 1).Ack().Finish();
        PersonPseudonymiser pseudonymiser = EngineRun.Settings().Pseudonymiser;

        s.Call.Person.ShouldBe(pseudonymiser.Of(KeyOf(Caller).Number));
        s.Call.ForwardedBy.ShouldBe(pseudonymiser.Of(KeyOf("+33155667788").Number));
        (s.Totals.InboundAttempts, s.Totals.InboundForwarded, s.Totals.Forwarded).ShouldBe((1, 1, 0));
    }

    [Theory]
    [InlineData("")]
    [InlineData("History-Info: <sip:+33612345678@x>;index=1\r\n")]
    [InlineData("History-Info: <sip:+33612345678@x>;index=1, <sip:+33612345678@y>;index=1.1\r\n")] // retargeted to another host
    public void Invite_ThatNobodyForwarded_IsNotForwarded(string headers)
    {
        Scenario s = new Scenario().Invite(at: 0, headers: headers).Response(200, at: 1).Ack().Finish();

        s.Totals.Forwarded.ShouldBe(0);
        s.Call.ForwardedBy.ShouldBeNull();
    }

    [Fact]
    public void Diversion_OfWhatIsNoNumber_IsForwardedByNobodyKnown()
    {
        Scenario s = new Scenario().Invite(at: 0, headers: "Diversion: <sip:reception@x>\r\n").Response(200, at: 1).Ack().Finish();

        s.Totals.Forwarded.ShouldBe(1);
        s.Call.ForwardedBy.ShouldBeNull();
    }

    private static Scenario CameIn(EngineSettings? settings = null) => new Scenario(settings)
        .NewCall(callId: "in", tag: "i", from: $"<sip:{Caller}@x>", to: $"<sip:{Ours}@x>").Between(Hosts.Carrier, Hosts.Pbx)
        .Invite(at: 0).Response(180, at: 1);

    private static NumberKey KeyOf(string number) =>
        NumberKey.For(new E164Number(ulong.Parse(number.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture)));
}
