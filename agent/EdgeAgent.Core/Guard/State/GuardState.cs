using EdgeAgent.Core.Guard.Rules;
using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core.Guard.State;

/// <summary>Bounds of what guards remember.</summary>
public sealed record GuardLimits
{
    /// <summary>Numbers with state of their own; further ones are judged by the rules that need none.</summary>
    public int MaxNumbers { get; init; } = 20_000;

    /// <summary>Memory for attempts to persons, in bytes.</summary>
    public int MaxAttemptBytes { get; init; } = AttemptTable.MaxBytes;

    /// <summary>Persons with consents or refusals.</summary>
    public int MaxConsents { get; init; } = 1_000_000;

    /// <summary>Agent lines.</summary>
    public int MaxSeats { get; init; } = 10_000;

    /// <summary>Attempts to persons go to disk; false for captures, of which nothing is remembered.</summary>
    public bool WritesAttempts { get; init; } = true;

    /// <summary>Alerts that stand at once.</summary>
    public int MaxAlerts { get; init; } = 50_000;
}

/// <summary>
/// Everything guards remember between calls. Attempts to persons go to disk as documents of a minute (<see cref="AttemptLog"/>), consents
/// when they change (<see cref="ConsentSet.TakeChanges"/>); all else is in <see cref="Save"/>. Pseudonyms only. Not thread-safe: owned by the signalling thread.
/// </summary>
public sealed class GuardState
{
    private const byte Version = 1;

    private readonly Dictionary<NumberKey, NumberState> _numbers = [];
    private readonly int _maxNumbers;

    /// <summary>Remembers nothing yet.</summary>
    /// <param name="limits">Bounds.</param>
    /// <param name="alerts">How alerts become events.</param>
    public GuardState(GuardLimits limits, Policy.AlertSettings alerts)
    {
        ArgumentNullException.ThrowIfNull(limits);
        _maxNumbers = limits.MaxNumbers;
        Attempts = new AttemptTable(limits.MaxAttemptBytes);
        Log = new AttemptLog(limits.WritesAttempts);
        Consents = new ConsentSet(limits.MaxConsents);
        Seats = new SeatTable(limits.MaxSeats);
        Alerts = new AlertBook(alerts, limits.MaxAlerts);
    }

    /// <summary>When this installation began to judge calls; <c>default</c> before the first.</summary>
    public DateTimeOffset Since { get; internal set; }

    /// <summary>Hash of the policy last gone by; empty before the first.</summary>
    public string PolicyHash { get; set; } = "";

    /// <summary>Day (Europe/Paris) up to which daily work is done.</summary>
    public int Day { get; internal set; }

    /// <summary>Attempts to persons.</summary>
    public AttemptTable Attempts { get; }

    /// <summary>Attempts that are not on disk yet.</summary>
    public AttemptLog Log { get; }

    /// <summary>Consents and refusals.</summary>
    public ConsentSet Consents { get; }

    /// <summary>Agent lines.</summary>
    public SeatTable Seats { get; }

    /// <summary>Alerts that stand.</summary>
    public AlertBook Alerts { get; }

    /// <summary>Verdicts of the last moments.</summary>
    internal DecisionMemory Decisions { get; } = new();

    /// <summary>How long nothing was seen.</summary>
    internal BlindnessRule Blindness { get; } = new();

    /// <summary>Hits told in the running minute.</summary>
    internal ReportedHits Reported { get; } = new();

    /// <summary>Days too little of which was observed.</summary>
    public BlindDays BlindDays { get; } = new();

    /// <summary>Numbers with state.</summary>
    public IReadOnlyCollection<NumberState> Numbers => _numbers.Values;

    /// <summary>Attempts of numbers past the bound, which have no state.</summary>
    public long Untracked { get; internal set; }

    /// <summary>State of a number; null when it has none.</summary>
    public NumberState? Find(NumberKey number) => _numbers.GetValueOrDefault(number);

    /// <summary>State of a number, made when there is room; null past the bound.</summary>
    public NumberState? FindOrAdd(NumberKey number, int day)
    {
        if (_numbers.TryGetValue(number, out NumberState? state) || _numbers.Count >= _maxNumbers)
        {
            return state;
        }

        state = new NumberState(number) { FirstDay = day };
        _numbers.Add(number, state);
        return state;
    }

    /// <summary>Forgets numbers that were not used for so long that no window holds them, and stand as active.</summary>
    internal void ForgetUnused(int day)
    {
        foreach (NumberKey number in _numbers.Values
            .Where(state => state.Suspension.Standing == Standing.Active && state.Days.All is [.., { Day: int last }] && day - last > 2 * DayHistory.Days)
            .Select(state => state.Number).ToArray())
        {
            _numbers.Remove(number);
        }
    }

    /// <summary>Brings what bears a later time to <paramref name="at"/>, the clock having been set back to it.</summary>
    internal void SetBack(DateTimeOffset at, int day)
    {
        uint minute = GuardMinutes.Of(at);
        Since = at < Since ? at : Since;
        Day = Math.Min(Day, day);
        Log.SetBack(minute);
        Attempts.SetBack(minute);
        Alerts.SetBack(at);
        BlindDays.SetBack(day);
        foreach (NumberState number in _numbers.Values)
        {
            number.SetBack(minute, day);
        }
    }

    /// <summary>Writes all but consents, and attempts that were given out as documents.</summary>
    public void Save(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(Version);
        writer.Write(Since.UtcTicks);
        writer.Write(PolicyHash);
        writer.Write(Day);
        writer.Write(Untracked);
        writer.Write(_numbers.Count);
        foreach (NumberState number in _numbers.Values)
        {
            number.Number.Save(writer);
            number.Save(writer);
        }

        Log.Save(writer);
        Seats.Save(writer);
        Alerts.Save(writer);
        BlindDays.Save(writer);
        Decisions.Save(writer);
        Reported.Save(writer);
        Consents.SaveClients(writer);
        Blindness.Save(writer);
    }

    /// <summary>Puts back what <see cref="Save"/> wrote, into a state that remembers nothing but loaded attempts.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such state.</exception>
    public void Load(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        if (reader.ReadByte() != Version)
        {
            throw new InvalidDataException("the saved guards have an unknown version");
        }

        Since = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero);
        PolicyHash = reader.ReadString();
        Day = reader.ReadInt32();
        Untracked = reader.ReadInt64();
        for (int count = reader.ReadInt32(); count > 0; count--)
        {
            NumberState number = new(NumberKey.Load(reader));
            number.Load(reader);
            _numbers[number.Number] = number;
        }

        Log.Load(reader, Attempts);
        Seats.Load(reader);
        Alerts.Load(reader);
        BlindDays.Load(reader);
        Decisions.Load(reader);
        Reported.Load(reader);
        Consents.LoadClients(reader);
        Blindness.Load(reader);
    }
}
