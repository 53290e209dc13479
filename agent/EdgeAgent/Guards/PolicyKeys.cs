using System.Globalization;
using EdgeAgent.Configuration;
using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Guard.Policy;
using EdgeAgent.Core.Numbers;
using static EdgeAgent.Configuration.Scalars;

namespace EdgeAgent.Guards;

/// <summary>Every key of the policy file with its type and range: the one place where they stand.</summary>
internal static class PolicyKeys
{
    /// <summary>The whole file.</summary>
    public static GroupRule Root { get; } = new(
        ("guardsObserveFor", Duration("0 s", "90 d")),
        ("clients", new ListRule(new GroupRule(("id", Id()), ("name", Words())))),
        ("campaigns", new ListRule(Campaign())),
        ("numbers", new ListRule(Number())),
        ("trunks", new ListRule(new GroupRule(("trunk", Words()), ("client", Id()), ("campaign", Id())))),
        ("calendars", new ListRule(Calendar())),
        ("law", Law()),
        ("rules", Rules()),
        ("alerts", new GroupRule(("window", Duration("1 min", "7 d")), ("quiet", Duration("1 min", "30 d")), ("rearm", Duration("0 s", "7 d")))));

    private static GroupRule Rules() => new(
        ("callerId", Rule()),
        ("unassigned", Rule()),
        ("pooling", Rule(("quarantineDays", Whole(0, 365)), ("windowDays", Whole(1, 30)))),
        ("numberClass", Rule()),
        ("hours", Rule(("closeMargin", Duration("0 s", "10 min")), ("appointmentTolerance", Duration("0 s", "2 h")))),
        ("localHoliday", Rule()),
        ("consent", Rule(("refusalDays", Whole(0, 3_650)))),
        ("personAttempts", Rule(("warn", Whole(1, 6)))),
        ("redial", Rule(("perHour", Whole(1, 5)), ("perDay", Whole(1, 5)))),
        ("dailyCap", Rule(("alert", Count()), ("block", Count()))),
        ("hourlyCap", Rule(("alert", Count()), ("block", Count()))),
        ("spike", Rule(("factor", Decimal(1, 100)), ("minAttempts", Count()), ("minDays", Whole(1, 7)))),
        ("answerRate", Rule(
            ("minAttempts", Count()), ("alert", Percent()), ("critical", Percent()), ("criticalPart", Percent()), ("minZ", Decimal(0, 10)),
            ("clear", Percent()), ("clearDays", Whole(1, 28)))),
        ("reportRate", Rule(
            ("alert", Percent()), ("critical", Percent()), ("minAttempts", Count()), ("minReports", Count()), ("clear", Percent()),
            ("clearDays", Whole(1, 28)))),
        ("talkTime", Rule(("minAnswered", Count()), ("fall", Percent()), ("shortShare", Percent()), ("minZ", Decimal(0, 10)))),
        ("callBack", Rule(
            ("factor", Decimal(1, 100)), ("minUnanswered", Count()), ("minCallBacks", Count()), ("answeredShare", Percent()), ("minZ", Decimal(0, 10)))),
        ("suspension", Rule(
            ("lightDays", Whole(1, 365)), ("severeDays", Whole(1, 365)), ("rampStart", Count()), ("rampGrowth", Percent()),
            ("probationDays", Whole(1, 28)), ("minAttempts", Count()), ("maxReportRate", Percent()), ("maxAnswerFall", Percent()))),
        ("warmUp", Rule(("alert", Count()), ("block", Count()), ("growth", Percent()))),
        ("concurrency", Rule(("maxCalls", Whole(1, 100)), ("quickRedial", Duration("0 s", "1 min")), ("minQuickRedials", Count()))),
        ("carrierBlock", Rule(("rise", Percent()), ("minAttempts", Count()), ("minZ", Decimal(0, 10)), ("clearDays", Whole(1, 28)))));

    private static GroupRule Rule(params (string Name, KeyRule Rule)[] thresholds) => new([("mode", OneOf<GuardMode>()), .. thresholds]);

    private static GroupRule Campaign() => new(
        ("id", Id()),
        ("client", Id()),
        ("audience", OneOf<Audience>()),
        ("mode", OneOf<DiallingMode>()),
        ("prospection", Flag()),
        ("calendars", new ListRule(Words())));

    private static GroupRule Number() => new(
        ("number", Text(
            "number in E.164 form such as +33162000001",
            text => text.Length is >= 8 and <= 16 && text[0] == '+' && text[1] != '0' && text[1..].All(char.IsAsciiDigit))),
        ("client", Id()),
        ("class", OneOf<NumberClass>()),
        ("from", Date()),
        ("to", Date()),
        ("mode", OneOf<DiallingMode>()),
        ("campaign", Id()),
        ("trunks", new ListRule(Words())));

    private static GroupRule Calendar() => new(
        ("name", Words()),
        ("reference", Words()),
        ("days", new ListRule(Text("day such as 05-08, 2027-05-08, easter+39 or easter-2", text => CalendarDay.TryParse(text, out _)))),
        ("territories", new ListRule(OneOf<FrenchTerritory>())));

    private static GroupRule Law() => new(
        ("hours", new ListRule(Period(
            ("days", new ListRule(OneOf<DayOfWeek>())),
            ("windows", new ListRule(Text("window such as 10:00-13:00, ending after it begins", text => TimeWindow.TryParse(text, out _)))),
            ("calendar", Words())))),
        ("attempts", new ListRule(Period(("limit", Whole(1, 5)), ("days", Whole(1, 30))))),
        ("consent", new ListRule(Period(("maxDays", Whole(1, 3_650))))));

    private static GroupRule Period(params (string Name, KeyRule Rule)[] keys) => new([("from", Date()), ("to", Date()), ("reference", Words()), .. keys]);

    private static KeyRule Id() => Text("name of 1 to 40 characters out of a-z, 0-9 and -", text => text.Length <= 40 && text.All(AgentKeys.IsIdCharacter));

    private static KeyRule Words() => Text("text of at most 200 characters on one line", text => text.Length <= 200 && !text.Any(char.IsControl));

    private static KeyRule Count() => Whole(1, 1_000_000);

    private static ScalarRule Date() => new(text =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            ? ScalarReading.Good(text)
            : ScalarReading.Bad("is no date such as 2026-08-11"));

    /// <summary>A share, written in percent and passed on as a number from 0 to 1.</summary>
    private static ScalarRule Percent() => new(text =>
        text.EndsWith('%') && double.TryParse(text[..^1].TrimEnd(' '), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double percent)
        && percent <= 100
            ? ScalarReading.Good((percent / 100).ToString("R", CultureInfo.InvariantCulture))
            : ScalarReading.Bad("is no share from 0 % to 100 %"));

    private static ScalarRule Decimal(double least, double most) => new(text =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && value >= least && value <= most
            ? ScalarReading.Good(value.ToString("R", CultureInfo.InvariantCulture))
            : ScalarReading.Bad(string.Create(CultureInfo.InvariantCulture, $"is no number from {least} to {most}")));
}
