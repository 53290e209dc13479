using EdgeAgent.Core.Guard;

namespace EdgeAgent.Core.Metrics;

/// <summary>How often a rule said something about a number.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Violations">Attempts that broke it: it would have them refused, whatever mode it is in.</param>
/// <param name="Alerts">Attempts it only warns of.</param>
public readonly record struct GuardCount(GuardId Rule, long Violations, long Alerts);

/// <summary>Counts per guard rule, in the order rules first spoke. Few rules speak about one number, so a list searched from its start is the smallest form.</summary>
public sealed class GuardCounts
{
    private GuardCount[] _counts = [];

    /// <summary>Every rule that spoke.</summary>
    public ReadOnlySpan<GuardCount> Entries => _counts;

    /// <summary>Violations of all rules; an attempt can break several.</summary>
    public long Violations => _counts.Sum(count => count.Violations);

    /// <summary>The counts of one rule, zeros when it never spoke.</summary>
    public GuardCount Of(GuardId rule)
    {
        foreach (GuardCount count in _counts)
        {
            if (count.Rule == rule)
            {
                return count;
            }
        }

        return new GuardCount(rule, 0, 0);
    }

    /// <summary>Counts what a rule had to say about one attempt.</summary>
    public void Add(in GuardHit hit) =>
        Add(new GuardCount(hit.Rule, hit.Asked >= GuardAction.Block ? 1 : 0, hit.Asked == GuardAction.Alert ? 1 : 0));

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
            _counts[i] = new GuardCount(more.Rule, 0, 0);
        }

        GuardCount old = _counts[i];
        _counts[i] = new GuardCount(old.Rule, old.Violations + more.Violations, old.Alerts + more.Alerts);
    }
}
