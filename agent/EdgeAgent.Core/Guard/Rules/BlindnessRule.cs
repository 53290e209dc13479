namespace EdgeAgent.Core.Guard.Rules;

/// <summary>
/// G21: whether the agent sees what it is there to see. Judged for the box, minute by minute, never for a call; always critical. Reasons:
/// <c>blindTime</c> (more than three minutes on end of legal calling time were not observed), <c>clock</c> (a host's clock is more than a minute
/// off), <c>reconciliation</c> (more than 1 % of the calls a carrier or the PBX lists are not in the journal, or the reverse).
/// </summary>
public sealed class BlindnessRule
{
    /// <summary>Blind time on end past which it is said.</summary>
    public static readonly TimeSpan MaxBlind = TimeSpan.FromMinutes(3);

    /// <summary>How far off a clock may be.</summary>
    public static readonly TimeSpan MaxSkew = TimeSpan.FromMinutes(1);

    /// <summary>Share of calls in which two lists may differ.</summary>
    public const double MaxDifference = 0.01;

    private TimeSpan _blind;

    /// <summary>A minute is over.</summary>
    /// <param name="blind">Blind time since the minute before; zero ends a stretch of it.</param>
    /// <param name="isCallingTime">It lies in legal calling time.</param>
    public GuardHit? OnMinute(TimeSpan blind, bool isCallingTime)
    {
        _blind = blind == TimeSpan.Zero ? TimeSpan.Zero : _blind + blind;
        return isCallingTime && _blind > MaxBlind ? Hit("blindTime", _blind.TotalSeconds, MaxBlind.TotalSeconds) : null;
    }

    /// <summary>A clock was compared with the agent's.</summary>
    public static GuardHit? OfClock(TimeSpan offset) =>
        offset.Duration() > MaxSkew ? Hit("clock", offset.Duration().TotalSeconds, MaxSkew.TotalSeconds) : null;

    /// <summary>A list of calls was compared with the journal.</summary>
    /// <param name="share">Missing and extra calls ÷ calls listed.</param>
    /// <param name="calls">Calls listed.</param>
    public static GuardHit? OfReconciliation(double share, long calls) =>
        share > MaxDifference ? Hit("reconciliation", share, MaxDifference) with { Sample = calls } : null;

    internal void Save(BinaryWriter writer) => writer.Write(_blind.Ticks);

    internal void Load(BinaryReader reader) => _blind = new TimeSpan(reader.ReadInt64());

    private static GuardHit Hit(string reason, double value, double limit) => new()
    {
        Rule = GuardId.Blindness, Reason = reason, Asked = GuardAction.Alert, Action = GuardAction.Alert, IsCritical = true, Value = value, Limit = limit,
    };
}
