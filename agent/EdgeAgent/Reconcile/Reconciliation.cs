namespace EdgeAgent.Reconcile;

/// <summary>Calls of one number on one civil day (Europe/Paris), on both sides.</summary>
/// <param name="Number">The number; <see cref="CallerIds.None"/> where none was shown, <see cref="Reconciler.Unknown"/> for all the journal never saw.</param>
/// <param name="Day">The day.</param>
internal sealed record DayReconciliation(string Number, DateOnly Day)
{
    /// <summary>Calls in the file.</summary>
    public long Listed { get; set; }

    /// <summary>Those with an attempt in the journal.</summary>
    public long Matched { get; set; }

    /// <summary>In the file, not in the journal.</summary>
    public long Missing { get; set; }

    /// <summary>In the journal, not in the file.</summary>
    public long Extra { get; set; }

    /// <summary>In the file, and the journal says it saw nothing then.</summary>
    public long Blind { get; set; }

    /// <summary>Answered calls in the file.</summary>
    public long ListedAnswered { get; set; }

    /// <summary>Answers in the journal.</summary>
    public long JournalAnswered { get; set; }

    /// <summary>Talk or billed seconds in the file.</summary>
    public double ListedSeconds { get; set; }

    /// <summary>Talk seconds in the journal, of calls whose end is certain.</summary>
    public double JournalSeconds { get; set; }

    /// <summary>Both sides hold the same calls and answers.</summary>
    public bool Agrees => Missing == 0 && Extra == 0 && Blind == 0 && ListedAnswered == JournalAnswered;
}

/// <summary>Outcome of comparing a file of calls with the journal.</summary>
internal sealed record Reconciliation
{
    /// <summary>Beginning of what was compared.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>End of it.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>Numbers and days, by day and number.</summary>
    public required IReadOnlyList<DayReconciliation> Days { get; init; }

    /// <summary>Calls of the file before or after the period.</summary>
    public required long Outside { get; init; }

    /// <summary>Calls in the file within the period.</summary>
    public long Listed => Days.Sum(day => day.Listed);

    /// <inheritdoc cref="DayReconciliation.Matched"/>
    public long Matched => Days.Sum(day => day.Matched);

    /// <inheritdoc cref="DayReconciliation.Missing"/>
    public long Missing => Days.Sum(day => day.Missing);

    /// <inheritdoc cref="DayReconciliation.Extra"/>
    public long Extra => Days.Sum(day => day.Extra);

    /// <inheritdoc cref="DayReconciliation.Blind"/>
    public long Blind => Days.Sum(day => day.Blind);

    /// <summary>(missing + extra) ÷ (matched + missing + extra), 0 to 1; 0 where there is nothing.</summary>
    public double Share => Missing + Extra == 0 ? 0 : (double)(Missing + Extra) / (Matched + Missing + Extra);
}
