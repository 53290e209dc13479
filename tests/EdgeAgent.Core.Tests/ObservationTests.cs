using System.Buffers.Binary;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Tests.Calls;
using EdgeAgent.Core.Tests.Packets;
using FsCheck.Xunit;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests;

/// <summary>What an engine says of what it could not see, and that a clock that is set changes no count.</summary>
public class ObservationTests
{
    private static EngineSettings Live => EngineRun.Settings() with { SealsEmptyMinutes = true };

    [Fact]
    public void OnSources_InterfaceDownForMinutes_NoMinuteIsASilence()
    {
        Scenario s = new(Live);
        s.Refused(486, at: 10);
        for (int second = 30; second <= 200; second++)
        {
            Outage outage = new(1, Scenario.At(30), second < 150 ? null : Scenario.At(150));
            s.Run.Engine.OnSources([new SourceSight("trunk0", false, 9, 0, [outage])], Scenario.At(second));
            s.Silence(until: second);
        }

        s.Run.Sealed.Select(minute => (minute.Quality.Confidence, minute.Quality.Cause, minute.Quality.Blind.TotalSeconds)).ShouldBe(
        [
            (Confidence.Degraded, "interfaceDown", 30.0), (Confidence.Blind, "interfaceDown", 60.0), (Confidence.Degraded, "interfaceDown", 30.0),
        ]);
        AgentEvent last = s.Run.Events[^1];
        (last.Kind, last.From, last.To, last.IsLasting).ShouldBe((AgentEventKind.Blind, Scenario.At(30), Scenario.At(150), false));
        s.Run.Engine.Observation.IsBlindAt(Scenario.At(100)).ShouldBeTrue();
    }

    [Theory]
    [InlineData(14, false)]
    [InlineData(16, true)]
    public void OnSources_InterfaceDownFor_GuardsLeaveTheDayOutOfComparisonsFromAQuarterOfAnHourOn(int minutes, bool expected)
    {
        Scenario s = new(Live);
        s.Refused(486, at: 10);
        for (int second = 30; second <= (minutes * 60) + 200; second += 10)
        {
            Outage outage = new(1, Scenario.At(30), second < (minutes * 60) + 30 ? null : Scenario.At((minutes * 60) + 30));
            s.Run.Engine.OnSources([new SourceSight("trunk0", false, 9, 0, [outage])], Scenario.At(second));
            s.Silence(until: second);
        }

        s.Run.Engine.Guards.Book.State.BlindDays.Contains(DateOnly.FromDateTime(Scenario.Zero.Date).DayNumber).ShouldBe(expected);
    }

    [Fact]
    public void OnPacket_TlsOnOneOfTwoTrunks_DegradesTheMinuteAndNamesTheTrunk()
    {
        Scenario s = new(Live);
        s.Refused(486, at: 10).Between(Hosts.Pbx, Hosts.OtherCarrier).NewCall(callId: "o", tag: "o").Refused(486, at: 12);
        s.Run.Engine.OnPacket(Tls(at: 70, bytes: 400));
        s.Between(Hosts.Pbx, Hosts.OtherCarrier).NewCall(callId: "p", tag: "p").Refused(486, at: 80);
        s.Silence(until: 190).Finish();

        s.Run.Sealed[0].Quality.Confidence.ShouldBe(Confidence.Full);
        s.Run.Sealed[1].Quality.Confidence.ShouldBe(Confidence.Degraded);
        s.Run.Sealed[1].Quality.Cause.ShouldBe("encryptedTrunk");
        AgentEvent told = s.Run.Events[^1];
        (told.Kind, told.Source, told.Reason, told.From).ShouldBe((AgentEventKind.Degraded, "carrier", "encryptedTrunk", Scenario.At(60)));
    }

    [Fact]
    public void OnPacket_TlsOnTheOnlyTrunkInUse_IsBlind()
    {
        Scenario s = new(Live);
        s.Run.Engine.OnPacket(Tls(at: 10, bytes: 400));
        s.Silence(until: 70).Finish();

        s.Run.Sealed[0].Quality.Confidence.ShouldBe(Confidence.Blind);
        s.Run.Sealed[0].Quality.Cause.ShouldBe("encryptedTrunk");
    }

    [Fact]
    public void OnPacket_TlsKeepAlives_SayNothing()
    {
        Scenario s = new(Live);
        s.Run.Engine.OnPacket(Tls(at: 10, bytes: 69));
        s.Silence(until: 70).Finish();

        s.Run.Sealed[0].Quality.Confidence.ShouldBe(Confidence.Full);
    }

    [Fact]
    public void OnPacket_ResponsesWithoutRequests_AreBlindOneWay()
    {
        Scenario s = new(Live);
        for (int i = 0; i < 25; i++)
        {
            s.Between(Hosts.Pbx, Hosts.Carrier).NewCall(callId: $"c{i}", tag: "t").Response(486, at: i, branch: $"z9hG4bK{i}", cseq: 1);
        }

        s.Silence(until: 70).Finish();

        s.Run.Sealed[0].Quality.Cause.ShouldBe("oneWay");
        s.Run.Events.ShouldContain(told => told.Kind == AgentEventKind.Blind && told.Source == "carrier" && told.Reason == "oneWay");
    }

    [Theory]
    [InlineData(3_600)]
    [InlineData(-3_600)]
    [InlineData(7)]
    [InlineData(-7)]
    public void OnClockStep_InMidCall_TalkTimeIsWhatItWasAndMinutesGoByTheNewClock(int step)
    {
        Scenario s = new(Live);
        s.Invite(at: 100).Response(180, at: 102).Response(200, at: 105).Ack();
        s.Silence(until: 110);
        s.Run.Engine.OnClockStep(Scenario.At(110), Scenario.At(110 + step));
        s.Bye(at: 165).Ok();
        for (int second = 170; second < 400; second += 10)
        {
            s.Silence(until: second);
        }

        s.Finish();
        s.Call.Talk.ShouldBe(TimeSpan.FromSeconds(60));
        (s.Totals.Attempts, s.Totals.Answered, s.Totals.AnsweredEnded, s.Totals.Late).ShouldBe((1, 1, 1, 0));
        SealedMinute ended = s.Run.Sealed.Single(minute => minute.Numbers.Any(row => row.Value.AnsweredEnded > 0));
        ended.Start.ShouldBe(MinuteOf(165 + step));
        s.Run.Sealed.Count.ShouldBeLessThan(12, "no hour of silence that never was, no standstill of an hour");
        AgentEvent told = s.Run.Events.Single(each => each.Reason == "clockStepped");
        (told.Kind, told.Value).ShouldBe((step > 0 ? AgentEventKind.Blind : AgentEventKind.Degraded, step * 1_000L));
        (told.From, told.To).ShouldBe((Scenario.At(110 + Math.Min(step, 0)), Scenario.At(110 + Math.Max(step, 0))));
        s.Run.Sealed.ShouldContain(minute => minute.Quality.Cause == "clockStepped");
    }

    [Fact]
    public void OnClockStep_Back_GuardsGoByTheClock()
    {
        Scenario s = new(Live); // 11:00 in Paris
        s.Silence(until: 10);
        s.Run.Engine.OnClockStep(Scenario.At(10), Scenario.At(10).AddHours(2));
        s.Refused(486, at: 20).Finish();

        AgentEvent told = s.Run.Events.Single(each => each.Kind == AgentEventKind.Guard);
        (told.Hit?.Reason, told.At).ShouldBe(("lunchBreak", Scenario.At(20).AddHours(2)));
    }

    [Property(MaxTest = 100)]
    public void OnClockStep_AtAnyMoments_MovesNoCounter(byte[] choices, (byte Block, byte Place, short Seconds)[] steps)
    {
        CapturedPacket[] packets = Ladders.Of(choices);
        EngineRun still = new EngineRun().Play(packets);
        EngineRun stepped = new();
        for (int i = 0; i < packets.Length; i++)
        {
            foreach ((_, _, short seconds) in steps.Where(step => ((step.Block << 8) + step.Place) % packets.Length == i))
            {
                DateTimeOffset wall = packets[i].At + stepped.Engine.WallOffset;
                stepped.Engine.OnClockStep(wall, wall.AddSeconds(seconds));
            }

            stepped.Engine.OnPacket(packets[i]);
        }

        still.Engine.Finish();
        stepped.Engine.Finish();
        stepped.Figures().ShouldBe(still.Figures());
    }

    [Fact]
    public void Restore_OpenPeriodAndClockOffset_SurviveTheRestart()
    {
        Scenario s = new(Live);
        s.Refused(486, at: 10);
        Outage outage = new(1, Scenario.At(30), null);
        s.Run.Engine.OnClockStep(Scenario.At(20), Scenario.At(20).AddHours(1));
        s.Run.Engine.OnSources([new SourceSight("trunk0", false, 9, 0, [outage])], Scenario.At(40).AddHours(1));

        EngineRun after = EngineRun.Restored(Live, s.Run.Engine.Save(), isAfterBlind: true);

        after.Engine.WallOffset.ShouldBe(TimeSpan.FromHours(1));
        ObservationPeriod open = after.Engine.Observation.Periods.Open.ShouldHaveSingleItem();
        (open.Source, open.From, open.To).ShouldBe(("trunk0", Scenario.At(30), Scenario.At(40).AddHours(1)));
        after.Engine.OnClock(Scenario.At(50));
        after.Events.ShouldContain(told => told.Reason == "clockStepped");
    }

    [Fact]
    public void OnSealed_DayIsOver_ItsCoverageIsTold()
    {
        EngineRun run = new(Live);
        run.Engine.Observation.Coverage.Begin(Scenario.At(0)); // 11:00 in Paris: an hour of legal time has passed
        for (int minute = 0; minute < (13 * 60) + 2; minute++)
        {
            run.Engine.OnClock(Scenario.At(minute * 60));
        }

        AgentEvent told = run.Events.ShouldHaveSingleItem();
        told.Kind.ShouldBe(AgentEventKind.Coverage);
        DayCoverage day = told.Coverage.ShouldNotBeNull();
        (day.Day, day.Legal.TotalHours, day.Observed.TotalHours).ShouldBe((new DateOnly(2026, 3, 10), 9.0, 8.0));
        day.Lost.ShouldBe([KeyValuePair.Create(ObservationCause.AgentStopped, TimeSpan.FromHours(1))]);
    }

    private static DateTimeOffset MinuteOf(int second) => Scenario.At(Math.Floor(second / 60.0) * 60);

    /// <summary>A TLS record between the PBX and a trunk, on the port of SIP over TLS.</summary>
    private static CapturedPacket Tls(double at, int bytes)
    {
        byte[] record = new byte[bytes];
        (record[0], record[1], record[2]) = (23, 3, 3);
        byte[] ip = Frames.IPv4(6, Frames.Tcp(record, sequence: 1, flags: 0x18));
        BinaryPrimitives.WriteUInt32BigEndian(ip.AsSpan(12), (uint)Hosts.Pbx.Address);
        BinaryPrimitives.WriteUInt32BigEndian(ip.AsSpan(16), (uint)Hosts.Carrier.Address);
        BinaryPrimitives.WriteUInt16BigEndian(ip.AsSpan(22), 5_061);
        byte[] frame = Frames.Ethernet(0x0800, ip);
        return new CapturedPacket(Scenario.At(at), LinkType.Ethernet, frame, frame.Length);
    }
}
