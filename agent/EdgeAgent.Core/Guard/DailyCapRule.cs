namespace EdgeAgent.Core.Guard;

/// <summary>How many outbound attempts a number may make in one civil day, Europe/Paris.</summary>
public sealed record DailyCapSettings
{
    /// <summary>Attempts past this give an alert: with 100, the 101st is the first.</summary>
    public long Alert { get; init; } = 100;

    /// <summary>Attempts past this are excess: with 150, the 151st is the first.</summary>
    public long Excess { get; init; } = 150;

    /// <summary>What is wrong with these settings, one sentence each; empty when nothing is.</summary>
    public IReadOnlyList<string> Faults()
    {
        List<string> faults = [];
        if (Alert < 1)
        {
            faults.Add($"alert {Alert} is below 1");
        }

        if (Excess < Alert)
        {
            faults.Add($"excess {Excess} is below alert {Alert}");
        }

        return faults;
    }
}

/// <summary>
/// Guard <c>dailyCap</c>: by default attempts 1 to 100 of a number's day are allowed, 101 to 150 are alerts (<c>aboveAlert</c>), later
/// ones violations (<c>aboveCap</c>). Says nothing about what is no number: a bucket holds many callers.
/// </summary>
public sealed class DailyCapRule : IGuardRule
{
    private readonly DailyCapSettings _settings;

    /// <summary>Takes settings without faults.</summary>
    /// <exception cref="ArgumentException">The settings have faults.</exception>
    public DailyCapRule(DailyCapSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Faults() is [string fault, ..])
        {
            throw new ArgumentException(fault, nameof(settings));
        }

        _settings = settings;
    }

    /// <inheritdoc/>
    public string Name => "dailyCap";

    /// <inheritdoc/>
    public GuardVerdict Evaluate(in CallFacts call, DateTimeOffset at)
    {
        if (!call.Number.Number.IsNumber)
        {
            return new GuardVerdict(GuardOutcome.NotApplicable);
        }

        return call.AttemptsToday > _settings.Excess ? new GuardVerdict(GuardOutcome.Violation, "aboveCap")
            : call.AttemptsToday > _settings.Alert ? new GuardVerdict(GuardOutcome.Alert, "aboveAlert")
            : default;
    }
}
