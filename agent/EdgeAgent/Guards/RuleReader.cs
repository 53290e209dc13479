using EdgeAgent.Core.Guard.Policy;

namespace EdgeAgent.Guards;

/// <summary>Reads modes and thresholds of rules; what is not given is the default.</summary>
internal static class RuleReader
{
    public static RuleBook Read(PolicyValues rules)
    {
        RuleBook book = new();
        return book with
        {
            CallerId = Plain(rules["callerId"], book.CallerId),
            Unassigned = Plain(rules["unassigned"], book.Unassigned),
            Pooling = Pooling(rules["pooling"], book.Pooling),
            NumberClass = Plain(rules["numberClass"], book.NumberClass),
            Hours = Hours(rules["hours"], book.Hours),
            LocalHoliday = Plain(rules["localHoliday"], book.LocalHoliday),
            Consent = Moded(rules["consent"], book.Consent with { RefusalDays = rules["consent"].Whole("refusalDays", book.Consent.RefusalDays) }),
            PersonAttempts = Moded(rules["personAttempts"], book.PersonAttempts with { Warn = rules["personAttempts"].Whole("warn", book.PersonAttempts.Warn) }),
            Redial = Redial(rules["redial"], book.Redial),
            DailyCap = Cap(rules["dailyCap"], book.DailyCap),
            HourlyCap = Cap(rules["hourlyCap"], book.HourlyCap),
            Spike = Spike(rules["spike"], book.Spike),
            AnswerRate = AnswerRate(rules["answerRate"], book.AnswerRate),
            ReportRate = ReportRate(rules["reportRate"], book.ReportRate),
            TalkTime = TalkTime(rules["talkTime"], book.TalkTime),
            CallBack = CallBack(rules["callBack"], book.CallBack),
            Suspension = Suspension(rules["suspension"], book.Suspension),
            WarmUp = WarmUp(rules["warmUp"], book.WarmUp),
            Concurrency = Concurrency(rules["concurrency"], book.Concurrency),
            CarrierBlock = CarrierBlock(rules["carrierBlock"], book.CarrierBlock),
        };
    }

    private static T Moded<T>(PolicyValues rule, T settings)
        where T : RuleSettings => (T)(settings with { Mode = rule.Name("mode", settings.Mode) });

    private static PlainSettings Plain(PolicyValues rule, PlainSettings settings) => Moded(rule, settings);

    private static PoolingSettings Pooling(PolicyValues rule, PoolingSettings settings) => Moded(rule, settings with
    {
        QuarantineDays = rule.Whole("quarantineDays", settings.QuarantineDays),
        WindowDays = rule.Whole("windowDays", settings.WindowDays),
    });

    private static HoursSettings Hours(PolicyValues rule, HoursSettings settings) => Moded(rule, settings with
    {
        CloseMargin = rule.Time("closeMargin", settings.CloseMargin),
        AppointmentTolerance = rule.Time("appointmentTolerance", settings.AppointmentTolerance),
    });

    private static RedialSettings Redial(PolicyValues rule, RedialSettings settings) => Moded(rule, settings with
    {
        PerHour = rule.Whole("perHour", settings.PerHour),
        PerDay = rule.Whole("perDay", settings.PerDay),
    });

    private static CapSettings Cap(PolicyValues rule, CapSettings settings) => Moded(rule, settings with
    {
        Alert = rule.Whole("alert", settings.Alert),
        Block = rule.Whole("block", settings.Block),
    });

    private static SpikeSettings Spike(PolicyValues rule, SpikeSettings settings) => Moded(rule, settings with
    {
        Factor = rule.Number("factor", settings.Factor),
        MinAttempts = rule.Whole("minAttempts", settings.MinAttempts),
        MinDays = rule.Whole("minDays", settings.MinDays),
    });

    private static AnswerRateSettings AnswerRate(PolicyValues rule, AnswerRateSettings settings) => Moded(rule, settings with
    {
        MinAttempts = rule.Whole("minAttempts", settings.MinAttempts),
        Alert = rule.Number("alert", settings.Alert),
        Critical = rule.Number("critical", settings.Critical),
        CriticalPart = rule.Number("criticalPart", settings.CriticalPart),
        MinZ = rule.Number("minZ", settings.MinZ),
        Clear = rule.Number("clear", settings.Clear),
        ClearDays = rule.Whole("clearDays", settings.ClearDays),
    });

    private static ReportRateSettings ReportRate(PolicyValues rule, ReportRateSettings settings) => Moded(rule, settings with
    {
        Alert = rule.Number("alert", settings.Alert),
        Critical = rule.Number("critical", settings.Critical),
        MinAttempts = rule.Whole("minAttempts", settings.MinAttempts),
        MinReports = rule.Whole("minReports", settings.MinReports),
        Clear = rule.Number("clear", settings.Clear),
        ClearDays = rule.Whole("clearDays", settings.ClearDays),
    });

    private static TalkTimeSettings TalkTime(PolicyValues rule, TalkTimeSettings settings) => Moded(rule, settings with
    {
        MinAnswered = rule.Whole("minAnswered", settings.MinAnswered),
        Fall = rule.Number("fall", settings.Fall),
        ShortShare = rule.Number("shortShare", settings.ShortShare),
        MinZ = rule.Number("minZ", settings.MinZ),
    });

    private static CallBackSettings CallBack(PolicyValues rule, CallBackSettings settings) => Moded(rule, settings with
    {
        Factor = rule.Number("factor", settings.Factor),
        MinUnanswered = rule.Whole("minUnanswered", settings.MinUnanswered),
        MinCallBacks = rule.Whole("minCallBacks", settings.MinCallBacks),
        AnsweredShare = rule.Number("answeredShare", settings.AnsweredShare),
        MinZ = rule.Number("minZ", settings.MinZ),
    });

    private static SuspensionSettings Suspension(PolicyValues rule, SuspensionSettings settings) => Moded(rule, settings with
    {
        LightDays = rule.Whole("lightDays", settings.LightDays),
        SevereDays = rule.Whole("severeDays", settings.SevereDays),
        RampStart = rule.Whole("rampStart", settings.RampStart),
        RampGrowth = rule.Number("rampGrowth", settings.RampGrowth),
        ProbationDays = rule.Whole("probationDays", settings.ProbationDays),
        MinAttempts = rule.Whole("minAttempts", settings.MinAttempts),
        MaxReportRate = rule.Number("maxReportRate", settings.MaxReportRate),
        MaxAnswerFall = rule.Number("maxAnswerFall", settings.MaxAnswerFall),
    });

    private static WarmUpSettings WarmUp(PolicyValues rule, WarmUpSettings settings) => Moded(rule, settings with
    {
        Alert = rule.Whole("alert", settings.Alert),
        Block = rule.Whole("block", settings.Block),
        Growth = rule.Number("growth", settings.Growth),
    });

    private static ConcurrencySettings Concurrency(PolicyValues rule, ConcurrencySettings settings) => Moded(rule, settings with
    {
        MaxCalls = rule.Whole("maxCalls", settings.MaxCalls),
        QuickRedial = rule.Time("quickRedial", settings.QuickRedial),
        MinQuickRedials = rule.Whole("minQuickRedials", settings.MinQuickRedials),
    });

    private static CarrierBlockSettings CarrierBlock(PolicyValues rule, CarrierBlockSettings settings) => Moded(rule, settings with
    {
        Rise = rule.Number("rise", settings.Rise),
        MinAttempts = rule.Whole("minAttempts", settings.MinAttempts),
        MinZ = rule.Number("minZ", settings.MinZ),
        ClearDays = rule.Whole("clearDays", settings.ClearDays),
    });
}
