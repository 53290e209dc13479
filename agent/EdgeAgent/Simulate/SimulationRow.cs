using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Simulate;

/// <summary>What one rule said of one number in one hour.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Number">The number.</param>
/// <param name="Hour">Beginning of the hour.</param>
internal sealed record SimulationRow(GuardId Rule, NumberKey Number, DateTimeOffset Hour)
{
    /// <summary>Calls it would have refused as the first that blocks.</summary>
    public long Blocked { get; set; }

    /// <summary>Calls it would have refused too, had no rule before it.</summary>
    public long AlsoBroken { get; set; }

    /// <summary>Calls, or states of the number, it gives an alert of.</summary>
    public long Alerts { get; set; }

    /// <summary>Calls it would only have noted.</summary>
    public long Observed { get; set; }

    /// <summary>Its reasons, in order of their first use.</summary>
    public List<string> Reasons { get; } = [];

    /// <summary>Figures and law of its gravest hit.</summary>
    public GuardHit Example { get; set; }

    /// <summary>Notes a hit.</summary>
    public void Take(in GuardHit hit, bool isDeciding)
    {
        switch (hit.Action)
        {
            case >= GuardAction.Block when isDeciding:
                Blocked++;
                break;
            case >= GuardAction.Block:
                AlsoBroken++;
                break;
            case GuardAction.Alert:
                Alerts++;
                break;
            default:
                Observed++;
                break;
        }

        Note(hit);
    }

    /// <summary>Notes an alert on figures of days.</summary>
    public void TakeAlert(in GuardHit hit)
    {
        Alerts++;
        Note(hit);
    }

    private void Note(in GuardHit hit)
    {
        if (!Reasons.Contains(hit.Reason))
        {
            Reasons.Add(hit.Reason);
        }

        if (Example.Reason is null || hit.Action > Example.Action)
        {
            Example = hit;
        }
    }
}
