namespace EdgeAgent.Core.Metrics;

/// <summary>Ratios over <see cref="NumberCounters"/>; each is null where its denominator is zero.</summary>
public static class Ratios
{
    /// <summary>Answer rate ("taux de décroché"): answered / attempts, 0 to 1.</summary>
    public static double? AnswerRate(this NumberCounters counters)
    {
        ArgumentNullException.ThrowIfNull(counters);
        return counters.Attempts == 0 ? null : (double)counters.Answered / counters.Attempts;
    }

    /// <summary>Average call duration in seconds (ITU-T E.437): talk time / answered calls with a confirmed end.</summary>
    public static double? AcdSeconds(this NumberCounters counters)
    {
        ArgumentNullException.ThrowIfNull(counters);
        return counters.AnsweredEnded == 0 ? null : counters.Talk.TotalSeconds / counters.AnsweredEnded;
    }

    /// <summary>Mean post-dial delay in seconds (RFC 6076 §4.3.1, session request delay): INVITE to the first 18x.</summary>
    public static double? PostDialSeconds(this NumberCounters counters)
    {
        ArgumentNullException.ThrowIfNull(counters);
        return counters.PostDialCount == 0 ? null : counters.PostDial.TotalSeconds / counters.PostDialCount;
    }
}
