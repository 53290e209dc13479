using EdgeAgent.Core.Metrics;
using FsCheck.Xunit;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Metrics;

public class ObservationPeriodsTests
{
    private const string Trunk = "trunk0";
    private static readonly DateTimeOffset Zero = new(2026, 3, 10, 10, 0, 0, TimeSpan.Zero);

    private readonly ObservationPeriods _periods = new();
    private readonly List<AgentEvent> _told = [];

    [Fact]
    public void Publish_ShortPeriod_IsToldOnceWhenItEnds()
    {
        Look(from: 10, to: 40);
        _told.ShouldBeEmpty();

        _periods.Close(Trunk, ObservationCause.InterfaceDown, At(41));
        Publish(42);
        Publish(5_000);

        AgentEvent told = _told.ShouldHaveSingleItem();
        told.ShouldBe(new AgentEvent
        {
            Kind = AgentEventKind.Blind,
            At = At(41),
            Source = Trunk,
            Reason = "interfaceDown",
            From = At(10),
            To = At(41),
        });
    }

    [Fact]
    public void Publish_LongPeriod_IsToldAfterAMinuteEachHourAndAtItsEnd()
    {
        Look(from: 0, to: 2 * 3_600 + 100);
        _periods.Close(Trunk, ObservationCause.InterfaceDown, At(2 * 3_600 + 100));
        Publish(2 * 3_600 + 101);

        _told.ShouldAllBe(told => told.From == At(0));
        _told.Select(told => (told.IsLasting, told.To)).ShouldBe(
            [(true, At(60)), (true, At(3_660)), (true, At(7_260)), (false, At(7_300))]);
    }

    [Fact]
    public void Note_LastOtherSourceLost_EndsDegradedAndBeginsBlind()
    {
        _periods.Note(Trunk, ObservationCause.InterfaceDown, isBlind: false, At(0), At(10));
        _periods.Note(Trunk, ObservationCause.InterfaceDown, isBlind: true, At(8), At(11));
        _periods.Close(Trunk, ObservationCause.InterfaceDown, At(20));
        Publish(20);

        _told.Select(told => (told.Kind, told.From, told.To)).ShouldBe(
            [(AgentEventKind.Degraded, At(0), At(8)), (AgentEventKind.Blind, At(8), At(20))]);
    }

    [Fact]
    public void Publish_DropsWithin10Seconds_AreOnePeriodWithTheirSum()
    {
        for (int second = 1; second <= 60; second++)
        {
            if (second is 1 or 5 or 14 or 40)
            {
                _periods.Note(Trunk, ObservationCause.CaptureDropping, isBlind: false, At(second - 1), At(second), value: 3);
            }

            Publish(second);
        }

        _told.Select(told => (told.From, told.To, told.Value)).ShouldBe([(At(0), At(14), 9L), (At(39), At(40), 3L)]);
    }

    [Fact]
    public void IsBlindAt_OpenAndEnded_CoversTheBeginningAndNotTheEnd()
    {
        _periods.Record("agent", ObservationCause.AgentStopped, isBlind: true, At(0), At(10));
        _periods.Note(Trunk, ObservationCause.InterfaceDown, isBlind: true, At(20), At(21));
        _periods.Note("lan0", ObservationCause.InterfaceDown, isBlind: false, At(12), At(21));

        double[] blind = [.. Enumerable.Range(-1, 32).Select(second => (double)second).Where(second => _periods.IsBlindAt(At(second)))];

        blind.ShouldBe([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30]);
    }

    [Fact]
    public void Share_TwoCausesAtOnce_GivesEachInstantToTheWeightier()
    {
        _periods.Record("agent", ObservationCause.AgentStopped, isBlind: true, At(10), At(20));
        _periods.Record(Trunk, ObservationCause.InterfaceDown, isBlind: true, At(15), At(40));

        TimeSpan[] perCause = new TimeSpan[ObservationCauses.Count];
        _periods.Share(isBlind: true, At(0), At(30), perCause).ShouldBe(TimeSpan.FromSeconds(20));

        perCause[(int)ObservationCause.AgentStopped].ShouldBe(TimeSpan.FromSeconds(10));
        perCause[(int)ObservationCause.InterfaceDown].ShouldBe(TimeSpan.FromSeconds(10));
    }

    [Property(MaxTest = 300)]
    public void Share_AnyPeriods_AddsUpToTheSecondsCountedOneByOne((byte From, byte Length, byte Kind)[] all, byte first, byte length)
    {
        foreach ((byte from, byte seconds, byte kind) in all)
        {
            _periods.Record($"s{kind % 3}", (ObservationCause)(kind % ObservationCauses.Count), kind % 2 == 0, At(from), At(from + seconds));
        }

        TimeSpan[] perCause = new TimeSpan[ObservationCauses.Count];
        TimeSpan shared = _periods.Share(isBlind: true, At(first), At(first + length), perCause);

        // half seconds: no edge lies on one, so that each is inside a period or out of it
        long blind = Enumerable.Range(first, length).Count(second => _periods.IsBlindAt(At(second + 0.5)));
        shared.ShouldBe(TimeSpan.FromSeconds(blind));
        perCause.Aggregate((sum, each) => sum + each).ShouldBe(shared);
    }

    [Fact]
    public void Record_TheSamePeriodTwice_IsToldOnce()
    {
        ObservationPeriods periods = new();
        List<AgentEvent> told = [];
        periods.Record("agent", ObservationCause.AgentStopped, isBlind: true, At(0), At(5));
        periods.Record("agent", ObservationCause.AgentStopped, isBlind: true, At(0), At(5));
        periods.Publish(At(10), At(0), told.Add);

        told.ShouldHaveSingleItem();
    }

    [Property(MaxTest = 300)]
    public void SaveLoad_AtAnyMoment_TellsTheSameAndLosesNone((byte Action, byte Pause)[] acts, byte moment)
    {
        (ObservationPeriods whole, ObservationPeriods cut) = (new ObservationPeriods(), new ObservationPeriods());
        (List<AgentEvent> toldByWhole, List<AgentEvent> toldByCut) = ([], []);
        double now = 0;
        for (int i = 0; i < acts.Length; i++)
        {
            now += acts[i].Pause * 20; // minutes to hours, so that lasting ones are told too
            Act(whole, toldByWhole, acts[i].Action, At(now));
            Act(cut, toldByCut, acts[i].Action, At(now));
            cut = i == moment % acts.Length ? Reloaded(cut) : cut;
        }

        toldByCut.ShouldBe(toldByWhole);
        cut.Open.Count.ShouldBe(whole.Open.Count);
        foreach (IGrouping<(string?, string?, DateTimeOffset?, AgentEventKind), AgentEvent> period in
            toldByWhole.GroupBy(told => (told.Source, told.Reason, told.From, told.Kind)))
        {
            period.Select(told => told.To).ShouldBeInOrder();
            period.Count(told => !told.IsLasting).ShouldBeLessThanOrEqualTo(1);
            period.Last().IsLasting.ShouldBe(!period.Any(told => !told.IsLasting));
        }
    }

    private static void Act(ObservationPeriods periods, List<AgentEvent> told, byte action, DateTimeOffset now)
    {
        string source = $"s{(action >> 3) % 3}";
        ObservationCause cause = (action & 64) == 0 ? ObservationCause.InterfaceDown : ObservationCause.OneWay;
        switch (action & 7)
        {
            case 0:
                periods.Close(source, cause, now);
                break;
            case 1 or 2 or 3:
                periods.Note(source, cause, (action & 1) == 0, now, now.AddSeconds(1));
                break;
            case 4:
                periods.Record("agent", ObservationCause.AgentStopped, isBlind: true, now.AddSeconds(-5), now);
                break;
            default:
                periods.Publish(now, now.AddMinutes(-2), told.Add);
                break;
        }
    }

    private static ObservationPeriods Reloaded(ObservationPeriods periods)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        periods.Save(writer);
        stream.Position = 0;
        ObservationPeriods loaded = new();
        loaded.Load(new BinaryReader(stream));
        return loaded;
    }

    private static DateTimeOffset At(double seconds) => Zero.AddSeconds(seconds);

    /// <summary>A look each second while the interface is down.</summary>
    private void Look(double from, double to)
    {
        for (double now = from + 1; now <= to; now++)
        {
            _periods.Note(Trunk, ObservationCause.InterfaceDown, isBlind: true, At(from), At(now));
            Publish(now);
        }
    }

    private void Publish(double now) => _periods.Publish(At(now), At(0), _told.Add);
}
