using System.Buffers;
using System.Text;
using EdgeAgent.Reconcile;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Reconcile;

public sealed class ReconcilerTests
{
    private const string A = "+33162000001";
    private const string B = "+33162000002";

    private readonly CdrFile _file = new();
    private readonly JournalFigures _journal = new();
    private long _seq;

    [Fact]
    public void Run_SameCallsOnBothSides_Agrees()
    {
        Minute("10:00", (A, 2, 1, 30.4));
        Minute("10:01", (B, 1, 0, 0));
        Listed(A, "10:00:05", answered: true, seconds: 30);
        Listed(A, "10:00:59");
        Listed(B, "10:01:30");

        Reconciliation outcome = Run();

        (outcome.Listed, outcome.Matched, outcome.Missing, outcome.Extra, outcome.Share).ShouldBe((3, 3, 0, 0, 0));
        outcome.Days.ShouldAllBe(day => day.Agrees);
        DayReconciliation first = outcome.Days.Single(day => day.Number == A);
        (first.ListedAnswered, first.JournalAnswered, first.ListedSeconds, first.JournalSeconds).ShouldBe((1, 1, 30, 30.4));
    }

    [Fact]
    public void Run_CallsOnOneSideOnly_AreMissingOrExtraOnTheirDay()
    {
        Minute("10:00", (A, 1, 0, 0));
        Minute("12:00", (A, 2, 0, 0));
        Listed(A, "10:00:05");
        Listed(A, "11:00:05");

        Reconciliation outcome = Run();

        (outcome.Matched, outcome.Missing, outcome.Extra).ShouldBe((1, 1, 2));
        outcome.Share.ShouldBe(0.75);
        outcome.Days.ShouldHaveSingleItem().Day.ShouldBe(new DateOnly(2026, 11, 24));
    }

    [Fact]
    public void Run_CallsWhileTheAgentWasBlind_AreApart()
    {
        Minute("10:00", (A, 1, 0, 0));
        Minute("10:30");
        Record("\"kind\":\"event\",\"event\":\"blind\",\"from\":\"2026-11-24T10:10:00.000000Z\",\"to\":\"2026-11-24T10:20:00.000000Z\"");
        Listed(A, "10:00:05");
        Listed(A, "10:09:59"); // within the tolerance of it
        Listed(A, "10:15:00");
        Listed(A, "10:25:00");

        Reconciliation outcome = Run();

        (outcome.Matched, outcome.Blind, outcome.Missing).ShouldBe((1, 2, 1));
        outcome.Share.ShouldBe(0.5);
    }

    [Fact]
    public void Run_NumberTheJournalNeverSaw_IsNamedOnlyWhenAsked()
    {
        Minute("10:00", (A, 1, 0, 0));
        Minute("10:59");
        Listed(A, "10:00:05");
        Listed(B, "10:00:06");
        Listed("+33612345678", "10:00:07");

        Run().Days.Select(day => (day.Number, day.Missing)).ShouldBe([(A, 0), (Reconciler.Unknown, 2)]);
        Run(new ReconcileSettings { NamesUnknown = true }).Days.Select(day => day.Number).ShouldBe([A, B, "+33612345678"]);
    }

    [Fact]
    public void Run_NumbersTheFileDoesNotHold_AreExtraUnlessLeftOut()
    {
        Minute("10:00", (A, 1, 0, 0), (B, 3, 0, 0));
        Listed(A, "10:00:05");

        Run().Extra.ShouldBe(3);
        Run(new ReconcileSettings { OnlyListedNumbers = true }).Extra.ShouldBe(0);
    }

    [Fact]
    public void Run_CallsBeforeTheJournalBegins_LieOutsideUnlessAskedFor()
    {
        Minute("10:00", (A, 1, 0, 0));
        Listed(A, "09:00:00");
        Listed(A, "10:00:05");

        Reconciliation outcome = Run();
        (outcome.Outside, outcome.Listed, outcome.Missing).ShouldBe((1, 1, 0));

        Run(new ReconcileSettings { From = At("08:00"), To = At("18:00") }).Missing.ShouldBe(1);
    }

    [Fact]
    public void Run_DaysTheFileDoesNotHold_AreNotCompared()
    {
        Minute("10:00", (A, 1, 0, 0));
        MinuteAt(At("10:00").AddDays(1), (A, 5, 0, 0));
        Listed(A, "10:00:05");

        Run().Extra.ShouldBe(0);
    }

    [Fact]
    public void Run_MinutesSummedUp_MatchByNumberAlone()
    {
        Record(
            "\"kind\":\"tombstone\",\"firstStart\":\"2026-11-24T09:00:00Z\",\"lastStart\":\"2026-11-24T09:59:00Z\",\"numbers\":[{\"number\":\"" + A
            + "\",\"attempts\":2,\"answered\":1,\"talkSeconds\":3.5}]");
        Minute("10:00", (A, 1, 0, 0));
        Listed(A, "09:12:00");
        Listed(A, "09:44:00");
        Listed(A, "09:59:00");
        Listed(A, "10:00:30");

        Reconciliation outcome = Run();

        (outcome.Matched, outcome.Missing, outcome.Extra).ShouldBe((3, 1, 0));
        outcome.Days.ShouldHaveSingleItem().JournalAnswered.ShouldBe(1);
    }

    [Fact]
    public void Run_RecordThatComesTwice_CountsOnce()
    {
        Minute("10:00", (A, 1, 0, 0));
        _seq--;
        Minute("10:00", (A, 1, 0, 0));
        Listed(A, "10:00:05");

        Run().Extra.ShouldBe(0);
    }

    [Fact]
    public void Run_AnonymousCalls_MatchWhateverEachSideCallsThem()
    {
        Minute("10:00", ("anonymous", 1, 0, 0), ("acct-paris", 1, 0, 0));
        Listed(CallerIds.None, "10:00:05");
        Listed(CallerIds.None, "10:00:06");

        (Run().Matched, Run().Extra).ShouldBe((2, 0));
    }

    [Fact]
    public void Run_NoTimeInCommon_SaysSo()
    {
        Minute("10:00", (A, 1, 0, 0));
        _file.Add(A, new CdrCall(At("10:00").AddDays(-3), false, 0));

        Should.Throw<CommandException>(() => Run()).ExitCode.ShouldBe(ExitCode.BadInput);
    }

    [Fact]
    public void Run_ShiftedByHours_MatchesWhenTheZoneWasWrong()
    {
        Minute("10:00", (A, 1, 0, 0));
        Minute("11:59");
        Listed(A, "11:00:05");

        new Reconciler(_file, _journal, new ReconcileSettings()).Run(TimeSpan.FromHours(-1)).Matched.ShouldBe(1);
    }

    private Reconciliation Run(ReconcileSettings? settings = null) => new Reconciler(_file, _journal, settings ?? new ReconcileSettings()).Run();

    private void Listed(string number, string time, bool answered = false, double seconds = 0) => _file.Add(number, new CdrCall(At(time), answered, seconds));

    private void Minute(string time, params (string Number, long Attempts, long Answered, double Talk)[] rows) => MinuteAt(At(time), rows);

    private void MinuteAt(DateTimeOffset start, params (string Number, long Attempts, long Answered, double Talk)[] rows)
    {
        IEnumerable<string> numbers = rows.Select(row => FormattableString.Invariant(
            $"{{\"number\":\"{row.Number}\",\"attempts\":{row.Attempts},\"answered\":{row.Answered},\"talkSeconds\":{row.Talk}}}"));
        Record(FormattableString.Invariant($"\"kind\":\"minute\",\"start\":\"{start.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}\",\"numbers\":[{string.Join(',', numbers)}]"));
    }

    private void Record(string body) =>
        _journal.Add(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes($"{{\"epoch\":\"e\",\"seq\":{++_seq},{body}}}")));

    private static DateTimeOffset At(string time) =>
        DateTimeOffset.Parse($"2026-11-24T{time}Z", System.Globalization.CultureInfo.InvariantCulture);
}
