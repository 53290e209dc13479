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

    /// <summary>Network effectiveness ratio (ITU-T E.425): attempts that reached the person or their line / attempts, 0 to 1.</summary>
    public static double? NetworkEffectiveness(this NumberCounters counters)
    {
        ArgumentNullException.ThrowIfNull(counters);
        long reached = counters.Answered + counters[Disposition.Busy] + counters[Disposition.NoAnswer] + counters.Status.Sum(603, 606, 607);
        return Ratio(reached, counters.Attempts);
    }

    /// <summary>Session establishment ratio (RFC 6076 §4.6), 0 to 1.</summary>
    public static double? SessionEstablishment(this NumberCounters counters)
    {
        ArgumentNullException.ThrowIfNull(counters);
        return Ratio(counters.Answered, counters.Attempts - counters.Status.SumOfClass(3));
    }

    /// <summary>Session establishment effectiveness ratio (RFC 6076 §4.7), 0 to 1.</summary>
    public static double? SessionEstablishmentEffectiveness(this NumberCounters counters)
    {
        ArgumentNullException.ThrowIfNull(counters);
        return Ratio(
            counters.Answered + counters.Status.Sum(480, 486, 600, 603),
            counters.Attempts - counters.Status.SumOfClass(3) - counters.Status.Sum(401, 402, 407));
    }

    /// <summary>Ineffective session attempts (RFC 6076 §4.8), 0 to 1.</summary>
    public static double? IneffectiveAttempts(this NumberCounters counters)
    {
        ArgumentNullException.ThrowIfNull(counters);
        return Ratio(counters.Status.Sum(408, 500, 503, 504), counters.Attempts);
    }

    private static double? Ratio(long part, long whole) => whole == 0 ? null : (double)part / whole;

    /// <summary>Mean post-dial delay in seconds (RFC 6076 §4.3.1, session request delay): INVITE to the first 18x.</summary>
    public static double? PostDialSeconds(this NumberCounters counters)
    {
        ArgumentNullException.ThrowIfNull(counters);
        return counters.PostDialCount == 0 ? null : counters.PostDial.TotalSeconds / counters.PostDialCount;
    }
}
