using System.Globalization;
using EdgeAgent.Core.Guard.Policy;

namespace EdgeAgent.Guards;

/// <content>Modes and thresholds of rules.</content>
internal sealed partial class PolicyTree
{
    private PolicyGroup Rules(RuleBook book) => new(
    [
        Rule("callerId", book.CallerId),
        Rule("unassigned", book.Unassigned),
        Rule("pooling", book.Pooling, ("quarantineDays", Of(book.Pooling.QuarantineDays)), ("windowDays", Of(book.Pooling.WindowDays))),
        Rule("numberClass", book.NumberClass),
        Rule("hours", book.Hours, ("closeMargin", Time(book.Hours.CloseMargin)), ("appointmentTolerance", Time(book.Hours.AppointmentTolerance))),
        Rule("localHoliday", book.LocalHoliday),
        Rule("consent", book.Consent, ("refusalDays", Of(book.Consent.RefusalDays))),
        Rule("personAttempts", book.PersonAttempts, ("warn", Of(book.PersonAttempts.Warn))),
        Rule("redial", book.Redial, ("perHour", Of(book.Redial.PerHour)), ("perDay", Of(book.Redial.PerDay))),
        Cap("dailyCap", book.DailyCap),
        Cap("hourlyCap", book.HourlyCap),
        Rule(
            "spike", book.Spike, ("factor", Of(book.Spike.Factor)), ("minAttempts", Of(book.Spike.MinAttempts)), ("minDays", Of(book.Spike.MinDays))),
        AnswerRate(book.AnswerRate),
        ReportRate(book.ReportRate),
        Rule(
            "talkTime", book.TalkTime, ("minAnswered", Of(book.TalkTime.MinAnswered)), ("fall", Share(book.TalkTime.Fall)),
            ("shortShare", Share(book.TalkTime.ShortShare)), ("minZ", Of(book.TalkTime.MinZ))),
        Rule(
            "callBack", book.CallBack, ("factor", Of(book.CallBack.Factor)), ("minUnanswered", Of(book.CallBack.MinUnanswered)),
            ("minCallBacks", Of(book.CallBack.MinCallBacks)), ("answeredShare", Share(book.CallBack.AnsweredShare)), ("minZ", Of(book.CallBack.MinZ))),
        Suspension(book.Suspension),
        Rule("warmUp", book.WarmUp, ("alert", Of(book.WarmUp.Alert)), ("block", Of(book.WarmUp.Block)), ("growth", Share(book.WarmUp.Growth))),
        Rule(
            "concurrency", book.Concurrency, ("maxCalls", Of(book.Concurrency.MaxCalls)), ("quickRedial", Time(book.Concurrency.QuickRedial)),
            ("minQuickRedials", Of(book.Concurrency.MinQuickRedials))),
        Rule(
            "carrierBlock", book.CarrierBlock, ("rise", Share(book.CarrierBlock.Rise)), ("minAttempts", Of(book.CarrierBlock.MinAttempts)),
            ("minZ", Of(book.CarrierBlock.MinZ)), ("clearDays", Of(book.CarrierBlock.ClearDays))),
    ]);

    private (string, PolicyNode) Cap(string name, CapSettings cap) => Rule(name, cap, ("alert", Of(cap.Alert)), ("block", Of(cap.Block)));

    private (string, PolicyNode) AnswerRate(AnswerRateSettings rule) => Rule(
        "answerRate", rule, ("minAttempts", Of(rule.MinAttempts)), ("alert", Share(rule.Alert)), ("critical", Share(rule.Critical)),
        ("criticalPart", Share(rule.CriticalPart)), ("minZ", Of(rule.MinZ)), ("clear", Share(rule.Clear)), ("clearDays", Of(rule.ClearDays)));

    private (string, PolicyNode) ReportRate(ReportRateSettings rule) => Rule(
        "reportRate", rule, ("alert", Share(rule.Alert)), ("critical", Share(rule.Critical)), ("minAttempts", Of(rule.MinAttempts)),
        ("minReports", Of(rule.MinReports)), ("clear", Share(rule.Clear)), ("clearDays", Of(rule.ClearDays)));

    private (string, PolicyNode) Suspension(SuspensionSettings rule) => Rule(
        "suspension", rule, ("lightDays", Of(rule.LightDays)), ("severeDays", Of(rule.SevereDays)), ("rampStart", Of(rule.RampStart)),
        ("rampGrowth", Share(rule.RampGrowth)), ("probationDays", Of(rule.ProbationDays)), ("minAttempts", Of(rule.MinAttempts)),
        ("maxReportRate", Share(rule.MaxReportRate)), ("maxAnswerFall", Share(rule.MaxAnswerFall)));

    private (string, PolicyNode) Rule(string name, RuleSettings settings, params (string Name, string Text)[] thresholds) =>
    (
        name,
        new PolicyGroup(
        [
            Value($"rules:{name}", "mode", CamelCase.Of(settings.Mode)),
            .. thresholds.Select(threshold => Value(
                $"rules:{name}", threshold.Name, threshold.Text, char.IsAsciiDigit(threshold.Text[^1]) ? PolicyValueKind.Number : PolicyValueKind.Text)),
        ])
    );

    private static string Of(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Of(double value) => value.ToString("0.###############", CultureInfo.InvariantCulture);
}
