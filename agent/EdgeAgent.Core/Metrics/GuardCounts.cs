using EdgeAgent.Core.Guard;

namespace EdgeAgent.Core.Metrics;

/// <summary>How often a rule said something about a number.</summary>
/// <param name="Rule">Name of the rule.</param>
/// <param name="Violations">Attempts that broke it.</param>
/// <param name="Alerts">Attempts past its warning threshold.</param>
/// <param name="NotApplicable">Attempts it could not judge.</param>
public readonly record struct GuardCount(string Rule, long Violations, long Alerts, long NotApplicable);

/// <summary>Counts per guard rule, in the order rules first spoke. Few rules speak about one number, so a list searched from its start is the smallest form.</summary>
public sealed class GuardCounts
{
    private GuardCount[] _counts = [];

    /// <summary>Every rule that spoke.</summary>
    public ReadOnlySpan<GuardCount> Entries => _counts;

    /// <summary>The counts of one rule, zeros when it never spoke.</summary>
    public GuardCount Of(string rule) => Array.Find(_counts, count => count.Rule == rule) is { Rule: not null } found
        ? found
        : new GuardCount(rule, 0, 0, 0);

    /// <summary>Counts one verdict; <see cref="GuardOutcome.Allowed"/> is not counted.</summary>
    public void Add(string rule, GuardOutcome outcome) => Add(new GuardCount(
        rule,
        outcome == GuardOutcome.Violation ? 1 : 0,
        outcome == GuardOutcome.Alert ? 1 : 0,
        outcome == GuardOutcome.NotApplicable ? 1 : 0));

    /// <summary>Adds every count of <paramref name="other"/>.</summary>
    public void Add(GuardCounts other)
    {
        ArgumentNullException.ThrowIfNull(other);
        foreach (GuardCount count in other._counts)
        {
            Add(count);
        }
    }

    /// <summary>Adds counts of one rule.</summary>
    public void Add(GuardCount more)
    {
        int i = 0;
        while (i < _counts.Length && _counts[i].Rule != more.Rule)
        {
            i++;
        }

        if (i == _counts.Length)
        {
            Array.Resize(ref _counts, i + 1);
            _counts[i] = new GuardCount(more.Rule, 0, 0, 0);
        }

        GuardCount old = _counts[i];
        _counts[i] = new GuardCount(
            old.Rule, old.Violations + more.Violations, old.Alerts + more.Alerts, old.NotApplicable + more.NotApplicable);
    }
}
