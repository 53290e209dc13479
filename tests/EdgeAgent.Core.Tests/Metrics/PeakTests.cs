using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Tests.Calls;
using FsCheck.Xunit;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Metrics;

/// <summary>Maxima of times, and how many calls were up at once.</summary>
public sealed class PeakTests
{
    private static readonly NumberKey One = NumberKey.For(new E164Number(33162123456));
    private static readonly NumberKey Two = NumberKey.For(new E164Number(33162123457));

    [Fact]
    public void Maxima_AreOfTheLongest()
    {
        Scenario s = new Scenario().Answered(at: 0, talk: 10);
        s.NewCall(callId: "second").Invite(at: 100).Response(180, at: 107).Response(200, at: 110).Ack().Bye(at: 410).Ok();
        s.NewCall(callId: "third").Answered(at: 500, talk: 20);
        s.Finish();

        s.Totals.MaxTalk.ShouldBe(TimeSpan.FromSeconds(300));
        s.Totals.MaxPostDial.ShouldBe(TimeSpan.FromSeconds(7));
        s.Totals.MaxRing.ShouldBe(TimeSpan.FromSeconds(3));
        s.Run.Sealed.Select(minute => minute.Numbers.Max(row => row.Value.MaxTalk.TotalSeconds)).Max().ShouldBe(300);
    }

    [Fact]
    public void ConcurrentPeak_CallsThatOverlap_AreCountedPerNumberAndForAll()
    {
        Scenario s = new Scenario();
        Up(s, "a", at: 0);
        Up(s, "b", at: 1);
        Up(s, "c", at: 2, from: "<sip:+33162123457@x>");
        Down(s, "a", at: 10);
        Up(s, "d", at: 20);
        s.Finish();

        s.Run.Numbers[One].ConcurrentPeak.ShouldBe(2);
        s.Run.Numbers[Two].ConcurrentPeak.ShouldBe(1);
        s.Run.Traffic.ConcurrentPeak.ShouldBe(3);
    }

    [Fact]
    public void ConcurrentPeak_OfAMinute_HoldsCallsThatBeganBefore()
    {
        Scenario s = new Scenario();
        Up(s, "a", at: 10);
        Up(s, "b", at: 20);
        s.Request("INFO", at: 70).Ok();
        Down(s, "a", at: 130);
        s.Silence(until: 300).Finish();

        PeaksOf(s, One).ShouldBe([(0, 2), (1, 2), (2, 2), (5, 1)]); // minutes 3 and 4 were without a packet: not sealed at all
    }

    [Fact]
    public void ConcurrentPeak_OfASilentMinute_IsKnownWhereSilenceIsAFact()
    {
        Scenario s = new(EngineRun.Settings() with { SealsEmptyMinutes = true });
        Up(s, "a", at: 10);
        s.Silence(until: 200);

        PeaksOf(s, One).ShouldBe([(0, 1), (1, 1), (2, 1)]);
        s.Run.Sealed.ShouldAllBe(minute => minute.Traffic.ConcurrentPeak == 1);
    }

    [Fact]
    public void ConcurrentPeak_ABye_EndsItAtOnceWhateverBecomesOfIt()
    {
        Scenario s = new Scenario();
        Up(s, "a", at: 0);
        s.Bye(at: 10); // never answered: confirmed 32 s later
        Up(s, "b", at: 11);
        s.Finish();

        s.Totals.ConcurrentPeak.ShouldBe(1);
    }

    [Fact]
    public void ConcurrentPeak_AByeThatIsRevoked_NeverEndedIt()
    {
        Scenario s = new Scenario();
        Up(s, "a", at: 0);
        s.Bye(at: 10).Reply(481);
        Up(s, "b", at: 11);
        Down(s, "b", at: 12);
        s.NewCall(callId: "a", tag: "a").Request("INFO", at: 13).Request("INFO", at: 13).Request("UPDATE", at: 14).Ok().Finish();

        s.Totals.ConcurrentPeak.ShouldBe(2);
    }

    [Fact]
    public void ConcurrentPeak_CallsOfBothDirections_CountTogether()
    {
        Scenario s = new Scenario();
        Up(s, "a", at: 0);
        s.Between(Hosts.Carrier, Hosts.Pbx).NewCall(callId: "in", tag: "in", from: "<sip:+33612345678@x>", to: "<sip:+33162123456@x>")
            .Invite(at: 5).Response(200, at: 6).Ack(at: 7).Finish();

        s.Run.Numbers[One].ConcurrentPeak.ShouldBe(2);
    }

    [Fact]
    public void ConcurrentPeak_CallsBesideTheTrunk_CountForNobody()
    {
        Scenario s = new Scenario().Between(Hosts.Phone, Hosts.Pbx);
        Up(s, "a", at: 0);
        s.Finish();

        s.Run.Traffic.ConcurrentPeak.ShouldBe(0);
    }

    [Property(MaxTest = 100)]
    public void ConcurrentPeak_OfAnyCalls_IsThatOfTheirRecords(byte[] choices)
    {
        EngineRun run = new EngineRun().Play(Ladders.Of(choices));
        run.Engine.OnClock(Scenario.At(600));
        run.Engine.Finish();

        (DateTimeOffset At, int Change)[] changes = [.. run.Closed.Where(call => call.AnsweredAt is not null)
            .SelectMany(call => new[] { (call.AnsweredAt!.Value, 1), (call.Talk is null ? DateTimeOffset.MaxValue : call.EndedAt!.Value, -1) })
            .OrderBy(change => change)];
        int up = 0;
        int peak = changes.Select(change => up += change.Item2).Prepend(0).Max();

        run.Traffic.ConcurrentPeak.ShouldBe(peak);
    }

    [Fact]
    public void ConcurrentPeak_SavedAtAnyMoment_IsTheSame()
    {
        CapturedPacket[] packets = Ladders.Of([.. Enumerable.Range(0, 32).Select(i => (byte)(i * 3))]);
        EngineRun whole = new EngineRun().Play(packets);
        whole.Engine.Finish();
        for (int moment = 0; moment < packets.Length; moment += 7)
        {
            EngineRun before = new EngineRun().Play(packets.Take(moment));
            EngineRun after = EngineRun.Restored(EngineRun.Settings(), before.Engine.Save(), isAfterBlind: false);
            after.Play(packets.Skip(moment)).Engine.Finish();
            after.Sealed.InsertRange(0, before.Sealed);

            after.Traffic.ConcurrentPeak.ShouldBe(whole.Traffic.ConcurrentPeak, $"saved after {moment} packets");
        }
    }

    [Fact]
    public void ConcurrentPeak_ATrunkThatIsGone_LeavesNothingBehind()
    {
        Scenario s = new Scenario();
        Up(s, "a", at: 0);
        EngineRun restored = EngineRun.Restored(EngineRun.Settings(new TrunkTable([Hosts.Trunks[1]])), s.Run.Engine.Save(), isAfterBlind: false);

        restored.Engine.OnClock(Scenario.At(200));
        restored.Engine.Finish();

        restored.Sealed.Where(minute => minute.Start > Scenario.Zero).ShouldAllBe(minute => minute.Traffic.ConcurrentPeak == 0);
    }

    private static void Up(Scenario s, string callId, double at, string? from = null) =>
        s.NewCall(callId: callId, tag: callId, from: from ?? "<sip:+33162123456@x>").Invite(at).Response(200, at + 0.5).Ack();

    private static void Down(Scenario s, string callId, double at) => s.NewCall(callId: callId, tag: callId).Bye(at).Ok();

    private static (int Minute, long Peak)[] PeaksOf(Scenario s, NumberKey number) => [.. s.Run.Sealed.Select(minute => (
        (int)(minute.Start - Scenario.Zero).TotalMinutes,
        minute.Numbers.FirstOrDefault(row => row.Key == number).Value?.ConcurrentPeak ?? 0))];
}
