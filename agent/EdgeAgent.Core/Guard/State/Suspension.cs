using EdgeAgent.Core.Guard.Policy;

namespace EdgeAgent.Core.Guard.State;

/// <summary>Where a number stands.</summary>
public enum Standing : byte
{
    /// <summary>In use.</summary>
    Active = 0,
    /// <summary>In use, with an alert of reputation on it.</summary>
    Watch,
    /// <summary>No outbound call; call-backs are untouched.</summary>
    Suspended,
    /// <summary>Back on a ramp.</summary>
    Probation,
}

/// <summary>Who suspended a number.</summary>
public enum SuspendedBy : byte
{
    /// <summary>Nobody.</summary>
    Nobody = 0,
    /// <summary>A rule.</summary>
    Rule,
    /// <summary>The client, by a signed command.</summary>
    Client,
    /// <summary>The administrator of this host.</summary>
    Administrator,
}

/// <summary>One step of a number's standing, to be recorded and published.</summary>
/// <param name="At">When.</param>
/// <param name="From">Standing before.</param>
/// <param name="To">Standing after.</param>
/// <param name="Reason">Why, from a fixed set, or the words of who ordered it.</param>
/// <param name="By">Who suspended it, where that is what happened.</param>
/// <param name="Until">End of a suspension.</param>
public readonly record struct StandingStep(
    DateTimeOffset At, Standing From, Standing To, string Reason, SuspendedBy By = SuspendedBy.Nobody, DateTimeOffset? Until = null);

/// <summary>
/// ACTIVE → WATCH → SUSPENDED → PROBATION → ACTIVE for one number. Pure but for its own state; each change is one <see cref="StandingStep"/>.
/// Days are civil days, Europe/Paris. Not thread-safe.
/// </summary>
public sealed class Suspension
{
    /// <summary>Where the number stands.</summary>
    public Standing Standing { get; private set; }

    /// <summary>Who suspended it last; nobody once it is active again.</summary>
    public SuspendedBy By { get; private set; }

    /// <summary>Why it was suspended, or is watched.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>End of the suspension; <c>default</c> when none.</summary>
    public DateTimeOffset Until { get; private set; }

    /// <summary>Day of the last step.</summary>
    public int Since { get; private set; }

    /// <summary>Length of the last rest in days: a relapse doubles it.</summary>
    public int RestDays { get; private set; }

    /// <summary>Attempts a day while on probation.</summary>
    public double Ramp { get; private set; }

    /// <summary>Answer rate before the fall that led here; negative for none.</summary>
    public double AnswerBaseline { get; private set; } = -1;

    /// <summary>An alert of reputation stands: the number is watched.</summary>
    /// <returns>The step; null where nothing changes.</returns>
    public StandingStep? Watch(DateTimeOffset at, int day, string reason, double answerBaseline = -1)
    {
        AnswerBaseline = AnswerBaseline < 0 ? answerBaseline : AnswerBaseline;
        if (Standing != Standing.Active)
        {
            return null;
        }

        Reason = reason;
        return Go(Standing.Watch, at, day, reason);
    }

    /// <summary>Keeps the answer rate of days before a suspension, where no fall of it has led there.</summary>
    public void Remember(in DayRollup before, int minAttempts)
    {
        if (AnswerBaseline < 0 && before.Attempts >= minAttempts)
        {
            AnswerBaseline = (double)before.Answered / before.Attempts;
        }
    }

    /// <summary>No alert stands any more.</summary>
    public StandingStep? Unwatch(DateTimeOffset at, int day)
    {
        if (Standing != Standing.Watch)
        {
            return null;
        }

        Clear();
        return Go(Standing.Active, at, day, "cleared");
    }

    /// <summary>Takes the number out of service. A longer rest replaces one that runs; the client, and the administrator his own, may shorten it.</summary>
    /// <param name="at">When.</param>
    /// <param name="day">Its day.</param>
    /// <param name="rest">How long; a relapse on probation doubles the last rest at least.</param>
    /// <param name="by">Who.</param>
    /// <param name="reason">Why.</param>
    public StandingStep? Suspend(DateTimeOffset at, int day, TimeSpan rest, SuspendedBy by, string reason)
    {
        if (Standing == Standing.Probation && by == SuspendedBy.Rule)
        {
            rest = TimeSpan.FromDays(Math.Max(rest.TotalDays, RestDays * 2));
        }

        DateTimeOffset until = at + rest;
        bool mayShorten = by == SuspendedBy.Client || (by == SuspendedBy.Administrator && By == SuspendedBy.Administrator);
        if (Standing == Standing.Suspended && until <= Until && !mayShorten)
        {
            return null;
        }

        (Until, RestDays, Reason) = (until, (int)Math.Ceiling(rest.TotalDays), reason);
        By = Standing == Standing.Suspended && by == SuspendedBy.Administrator ? By : by; // no way to weaken who may resume it
        return Go(Standing.Suspended, at, day, reason, until);
    }

    /// <summary>Ends a suspension before its time.</summary>
    /// <param name="at">When.</param>
    /// <param name="day">Its day.</param>
    /// <param name="by">Who: the administrator may resume only what an administrator suspended.</param>
    /// <param name="settings">Where the ramp begins.</param>
    /// <returns>The step; null where it may not, or nothing is suspended.</returns>
    public StandingStep? Resume(DateTimeOffset at, int day, SuspendedBy by, SuspensionSettings settings)
    {
        bool mayResume = by == SuspendedBy.Client || (by == SuspendedBy.Administrator && By == SuspendedBy.Administrator);
        return Standing == Standing.Suspended && mayResume ? Release(at, day, "resumed", settings) : null;
    }

    /// <summary>Time passes: a suspension that is over becomes probation.</summary>
    public StandingStep? OnTime(DateTimeOffset at, int day, SuspensionSettings settings) =>
        Standing == Standing.Suspended && at >= Until ? Release(at, day, "restOver", settings) : null;

    /// <summary>A day begins on probation: the ramp rises after each good week, and ends at the cap when the last days were good.</summary>
    /// <param name="at">When.</param>
    /// <param name="day">The day that begins.</param>
    /// <param name="cap">Attempts a day of a number in use.</param>
    /// <param name="history">Its days.</param>
    /// <param name="settings">Thresholds.</param>
    public StandingStep? OnDay(DateTimeOffset at, int day, int cap, DayHistory history, SuspensionSettings settings)
    {
        if (Standing != Standing.Probation || day <= Since)
        {
            return null;
        }

        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(settings);
        if ((day - Since) % 7 == 0 && IsClean(history.Sum(day - 7, day - 1), settings))
        {
            Ramp = Math.Min(Ramp * (1 + settings.RampGrowth), cap);
        }

        DayRollup last = history.Sum(Math.Max(Since, day - settings.ProbationDays), day - 1);
        bool isDone = Ramp >= cap && day - Since >= settings.ProbationDays && last.Attempts >= settings.MinAttempts && IsClean(last, settings)
            && (AnswerBaseline < 0 || (double)last.Answered / last.Attempts >= AnswerBaseline - settings.MaxAnswerFall);
        if (!isDone)
        {
            return null;
        }

        Clear();
        return Go(Standing.Active, at, day, "recovered");
    }

    internal void SetBack(int day) => Since = Math.Min(Since, day);

    internal void Save(BinaryWriter writer)
    {
        writer.Write((byte)Standing);
        writer.Write((byte)By);
        writer.Write(Reason);
        writer.Write(Until.UtcTicks);
        writer.Write(Since);
        writer.Write(RestDays);
        writer.Write(Ramp);
        writer.Write(AnswerBaseline);
    }

    internal void Load(BinaryReader reader)
    {
        Standing = (Standing)reader.ReadByte();
        By = (SuspendedBy)reader.ReadByte();
        Reason = reader.ReadString();
        Until = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero);
        Since = reader.ReadInt32();
        RestDays = reader.ReadInt32();
        Ramp = reader.ReadDouble();
        AnswerBaseline = reader.ReadDouble();
    }

    private static bool IsClean(in DayRollup days, SuspensionSettings settings) => days.Reports < settings.MaxReportRate * Math.Max(1, days.Attempts);

    private StandingStep Release(DateTimeOffset at, int day, string reason, SuspensionSettings settings)
    {
        Ramp = settings.RampStart;
        Until = default;
        return Go(Standing.Probation, at, day, reason);
    }

    private void Clear() => (By, Reason, Until, Ramp, AnswerBaseline) = (SuspendedBy.Nobody, "", default, 0, -1);

    private StandingStep Go(Standing to, DateTimeOffset at, int day, string reason, DateTimeOffset? until = null)
    {
        StandingStep step = new(at, Standing, to, reason, to == Standing.Suspended ? By : SuspendedBy.Nobody, until);
        (Standing, Since) = (to, day);
        return step;
    }
}
