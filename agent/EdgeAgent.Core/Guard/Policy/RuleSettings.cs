namespace EdgeAgent.Core.Guard.Policy;

/// <summary>What every rule has.</summary>
/// <param name="Mode">How far it may go.</param>
public abstract record RuleSettings(GuardMode Mode);

/// <summary>A rule without thresholds.</summary>
public sealed record PlainSettings(GuardMode Mode) : RuleSettings(Mode);

/// <summary>G3.</summary>
public sealed record PoolingSettings() : RuleSettings(GuardMode.Enforce)
{
    /// <summary>Days a number rests between two clients.</summary>
    public int QuarantineDays { get; init; } = 30;

    /// <summary>Days within which users of a number are compared, 1 to 30.</summary>
    public int WindowDays { get; init; } = 30;
}

/// <summary>G5.</summary>
public sealed record HoursSettings() : RuleSettings(GuardMode.Enforce)
{
    /// <summary>Calls this close to closing count as late. Zero: the law's own end.</summary>
    public TimeSpan CloseMargin { get; init; }

    /// <summary>How far from an agreed date and time a call may be.</summary>
    public TimeSpan AppointmentTolerance { get; init; } = TimeSpan.FromMinutes(10);
}

/// <summary>G7.</summary>
public sealed record ConsentSettings() : RuleSettings(GuardMode.Enforce)
{
    /// <summary>A refusal holds at least so many days, whatever consent is given after it.</summary>
    public int RefusalDays { get; init; } = 60;
}

/// <summary>G8. Limit and window are the law's.</summary>
public sealed record PersonAttemptsSettings() : RuleSettings(GuardMode.Enforce)
{
    /// <summary>From this attempt of the window on an alert is given.</summary>
    public int Warn { get; init; } = 3;
}

/// <summary>G9.</summary>
public sealed record RedialSettings() : RuleSettings(GuardMode.Enforce)
{
    /// <summary>Attempts to one person in 60 minutes, 1 to 5.</summary>
    public int PerHour { get; init; } = 1;

    /// <summary>Attempts to one person in 24 hours, 1 to 5.</summary>
    public int PerDay { get; init; } = 2;
}

/// <summary>G10 and G11: a count with two thresholds, each the last that is within it.</summary>
public sealed record CapSettings(GuardMode Mode) : RuleSettings(Mode)
{
    /// <summary>Attempts past this give an alert.</summary>
    public int Alert { get; init; }

    /// <summary>Attempts past this are refused.</summary>
    public int Block { get; init; }
}

/// <summary>G12.</summary>
public sealed record SpikeSettings() : RuleSettings(GuardMode.Alert)
{
    /// <summary>Times the mean of the calling days among the seven before.</summary>
    public double Factor { get; init; } = 2;

    /// <summary>Attempts of the day up to which nothing is said.</summary>
    public int MinAttempts { get; init; } = 50;

    /// <summary>Calling days the mean must rest on.</summary>
    public int MinDays { get; init; } = 3;
}

/// <summary>G13: the last seven whole days against the seven before them.</summary>
public sealed record AnswerRateSettings() : RuleSettings(GuardMode.Enforce)
{
    /// <summary>Attempts each window must hold.</summary>
    public int MinAttempts { get; init; } = 400;

    /// <summary>Move that gives an alert, as a share (0.05 is 5 points).</summary>
    public double Alert { get; init; } = 0.05;

    /// <summary>Fall that is critical, as a share.</summary>
    public double Critical { get; init; } = 0.10;

    /// <summary>Below this part of the rate before, a fall is critical too.</summary>
    public double CriticalPart { get; init; } = 0.60;

    /// <summary>Standard errors the move must exceed (two-proportion test).</summary>
    public double MinZ { get; init; } = 2;

    /// <summary>An alert ends when the rate has stayed this close to the old one, as a share, for <see cref="ClearDays"/>.</summary>
    public double Clear { get; init; } = 0.03;

    /// <summary>Days of it.</summary>
    public int ClearDays { get; init; } = 7;
}

/// <summary>G14: reports over attempts of the last seven days, today included.</summary>
public sealed record ReportRateSettings() : RuleSettings(GuardMode.Enforce)
{
    /// <summary>Share that gives an alert.</summary>
    public double Alert { get; init; } = 0.02;

    /// <summary>Share that suspends.</summary>
    public double Critical { get; init; } = 0.05;

    /// <summary>Attempts below which no rate is computed.</summary>
    public int MinAttempts { get; init; } = 300;

    /// <summary>Reports below which no rate is computed.</summary>
    public int MinReports { get; init; } = 5;

    /// <summary>An alert ends below this share, which must have held for <see cref="ClearDays"/>.</summary>
    public double Clear { get; init; } = 0.01;

    /// <summary>Days of it.</summary>
    public int ClearDays { get; init; } = 7;
}

/// <summary>G15: the last seven whole days against the 28 before them.</summary>
public sealed record TalkTimeSettings() : RuleSettings(GuardMode.Alert)
{
    /// <summary>Answered calls each window must hold.</summary>
    public int MinAnswered { get; init; } = 100;

    /// <summary>Fall of the mean, as a share of it.</summary>
    public double Fall { get; init; } = 0.30;

    /// <summary>Share of answered calls below 10 s.</summary>
    public double ShortShare { get; init; } = 0.40;

    /// <summary>Standard errors the fall must exceed.</summary>
    public double MinZ { get; init; } = 2;
}

/// <summary>G16: call-backs of the last seven whole days against the 28 before them.</summary>
public sealed record CallBackSettings() : RuleSettings(GuardMode.Alert)
{
    /// <summary>The rate has changed by this factor, up or down.</summary>
    public double Factor { get; init; } = 2;

    /// <summary>Unanswered attempts each window must hold.</summary>
    public int MinUnanswered { get; init; } = 400;

    /// <summary>Call-backs below which their answers are not judged.</summary>
    public int MinCallBacks { get; init; } = 20;

    /// <summary>Answered share below which the number counts as out of reach.</summary>
    public double AnsweredShare { get; init; } = 0.80;

    /// <summary>Standard errors the change must exceed.</summary>
    public double MinZ { get; init; } = 2;
}

/// <summary>G17.</summary>
public sealed record SuspensionSettings() : RuleSettings(GuardMode.Enforce)
{
    /// <summary>Rest of a number whose report rate passed the alert threshold on two days.</summary>
    public int LightDays { get; init; } = 28;

    /// <summary>Rest after a critical report rate or fall of the answer rate.</summary>
    public int SevereDays { get; init; } = 90;

    /// <summary>Attempts a day when it comes back.</summary>
    public int RampStart { get; init; } = 30;

    /// <summary>Growth a week, as a share.</summary>
    public double RampGrowth { get; init; } = 0.20;

    /// <summary>Days whose figures must be good.</summary>
    public int ProbationDays { get; init; } = 14;

    /// <summary>Attempts they must hold.</summary>
    public int MinAttempts { get; init; } = 300;

    /// <summary>Report rate they must stay below.</summary>
    public double MaxReportRate { get; init; } = 0.01;

    /// <summary>How far the answer rate may lie below the one before the fall, as a share.</summary>
    public double MaxAnswerFall { get; init; } = 0.05;
}

/// <summary>G18.</summary>
public sealed record WarmUpSettings() : RuleSettings(GuardMode.Alert)
{
    /// <summary>Attempts a day in the first week past which an alert is given.</summary>
    public int Alert { get; init; } = 30;

    /// <summary>The same, refused.</summary>
    public int Block { get; init; } = 50;

    /// <summary>Growth a week, as a share.</summary>
    public double Growth { get; init; } = 0.20;
}

/// <summary>G19.</summary>
public sealed record ConcurrencySettings() : RuleSettings(GuardMode.Alert)
{
    /// <summary>Calls at once of a line in manual mode that are within it.</summary>
    public int MaxCalls { get; init; } = 1;

    /// <summary>An attempt this soon after the line hung up is no human's.</summary>
    public TimeSpan QuickRedial { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Such attempts in 60 minutes from which on an alert is given.</summary>
    public int MinQuickRedials { get; init; } = 5;
}

/// <summary>G20: refusals by a carrier in the last 24 hours.</summary>
public sealed record CarrierBlockSettings() : RuleSettings(GuardMode.Alert)
{
    /// <summary>Rise of the share of 403 and 603 over that of the seven days before.</summary>
    public double Rise { get; init; } = 0.03;

    /// <summary>Attempts each window must hold for it.</summary>
    public int MinAttempts { get; init; } = 100;

    /// <summary>Standard errors the rise must exceed.</summary>
    public double MinZ { get; init; } = 2;

    /// <summary>Days without any of it after which an alert ends.</summary>
    public int ClearDays { get; init; } = 7;
}

/// <summary>How alerts become events.</summary>
public sealed record AlertSettings
{
    /// <summary>At most one event of a rule and number in this time; the others are counted in the next.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromHours(1);

    /// <summary>An alert that a rule gives call by call ends when none came for this long.</summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromHours(24);

    /// <summary>After an alert ended, a new one is not reported sooner.</summary>
    public TimeSpan Rearm { get; init; } = TimeSpan.FromHours(1);
}
