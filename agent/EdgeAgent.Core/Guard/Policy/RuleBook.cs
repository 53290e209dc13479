namespace EdgeAgent.Core.Guard.Policy;

/// <summary>Mode and thresholds of every rule; the defaults are those of agent/EdgeAgent.Core/Guard/RULES.md.</summary>
public sealed record RuleBook
{
    /// <summary>G1.</summary>
    public PlainSettings CallerId { get; init; } = new(GuardMode.Enforce);

    /// <summary>G2.</summary>
    public PlainSettings Unassigned { get; init; } = new(GuardMode.Enforce);

    /// <summary>G3.</summary>
    public PoolingSettings Pooling { get; init; } = new();

    /// <summary>G4.</summary>
    public PlainSettings NumberClass { get; init; } = new(GuardMode.Enforce);

    /// <summary>G5.</summary>
    public HoursSettings Hours { get; init; } = new();

    /// <summary>G6.</summary>
    public PlainSettings LocalHoliday { get; init; } = new(GuardMode.Alert);

    /// <summary>G7.</summary>
    public ConsentSettings Consent { get; init; } = new();

    /// <summary>G8.</summary>
    public PersonAttemptsSettings PersonAttempts { get; init; } = new();

    /// <summary>G9.</summary>
    public RedialSettings Redial { get; init; } = new();

    /// <summary>G10.</summary>
    public CapSettings DailyCap { get; init; } = new(GuardMode.Enforce) { Alert = 100, Block = 150 };

    /// <summary>G11.</summary>
    public CapSettings HourlyCap { get; init; } = new(GuardMode.Alert) { Alert = 20, Block = 25 };

    /// <summary>G12.</summary>
    public SpikeSettings Spike { get; init; } = new();

    /// <summary>G13.</summary>
    public AnswerRateSettings AnswerRate { get; init; } = new();

    /// <summary>G14.</summary>
    public ReportRateSettings ReportRate { get; init; } = new();

    /// <summary>G15.</summary>
    public TalkTimeSettings TalkTime { get; init; } = new();

    /// <summary>G16.</summary>
    public CallBackSettings CallBack { get; init; } = new();

    /// <summary>G17.</summary>
    public SuspensionSettings Suspension { get; init; } = new();

    /// <summary>G18.</summary>
    public WarmUpSettings WarmUp { get; init; } = new();

    /// <summary>G19.</summary>
    public ConcurrencySettings Concurrency { get; init; } = new();

    /// <summary>G20.</summary>
    public CarrierBlockSettings CarrierBlock { get; init; } = new();

    /// <summary>The mode of a rule.</summary>
    public GuardMode ModeOf(GuardId rule) => rule switch
    {
        GuardId.CallerId => CallerId.Mode,
        GuardId.Unassigned => Unassigned.Mode,
        GuardId.Pooling => Pooling.Mode,
        GuardId.NumberClass => NumberClass.Mode,
        GuardId.Hours => Hours.Mode,
        GuardId.LocalHoliday => LocalHoliday.Mode,
        GuardId.Consent => Consent.Mode,
        GuardId.PersonAttempts => PersonAttempts.Mode,
        GuardId.Redial => Redial.Mode,
        GuardId.DailyCap => DailyCap.Mode,
        GuardId.HourlyCap => HourlyCap.Mode,
        GuardId.Spike => Spike.Mode,
        GuardId.AnswerRate => AnswerRate.Mode,
        GuardId.ReportRate => ReportRate.Mode,
        GuardId.TalkTime => TalkTime.Mode,
        GuardId.CallBack => CallBack.Mode,
        GuardId.Suspension => Suspension.Mode,
        GuardId.WarmUp => WarmUp.Mode,
        GuardId.Concurrency => Concurrency.Mode,
        GuardId.CarrierBlock => CarrierBlock.Mode,
        GuardId.Blindness => GuardMode.Alert, // never blocks
        _ => GuardMode.Enforce, // letting emergency calls through is no setting
    };
}
