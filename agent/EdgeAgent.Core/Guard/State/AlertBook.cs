using EdgeAgent.Core.Guard.Policy;
using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core.Guard.State;

/// <summary>What happened to an alert.</summary>
public enum AlertChange : byte
{
    /// <summary>It stands now.</summary>
    Raised = 0,
    /// <summary>It still stands; counted since the last event.</summary>
    Updated,
    /// <summary>It stands no more.</summary>
    Cleared,
}

/// <summary>An event of an alert.</summary>
/// <param name="Change">What happened.</param>
/// <param name="At">When.</param>
/// <param name="Number">The number.</param>
/// <param name="Hit">The hit that caused it; of a cleared alert the last one.</param>
/// <param name="Count">Hits since the last event of this alert, this one included.</param>
public readonly record struct AlertEvent(AlertChange Change, DateTimeOffset At, NumberKey Number, GuardHit Hit, long Count);

/// <summary>
/// Turns hits into events without storms: one per rule and number and window with a count, at once when it becomes graver. An alert ends
/// after quiet time, or when its rule says the figures have been good for so many days. Not thread-safe.
/// </summary>
/// <param name="settings">Times.</param>
/// <param name="maxAlerts">Alerts kept at once; further ones are counted together under <see cref="NumberKey.Other"/>.</param>
public sealed class AlertBook(AlertSettings settings, int maxAlerts)
{
    private AlertSettings _settings = settings;
    private readonly Dictionary<(GuardId Rule, NumberKey Number), Entry> _alerts = [];

    /// <summary>Goes on with other times.</summary>
    public void Use(AlertSettings settings) => _settings = settings;

    /// <summary>Alerts that stand.</summary>
    public int Standing => _alerts.Values.Count(entry => entry.IsUp);

    /// <summary>True when an alert of the rule stands on the number.</summary>
    public bool IsUp(GuardId rule, NumberKey number) => _alerts.TryGetValue((rule, number), out Entry? entry) && entry.IsUp;

    /// <summary>Alerts that stand, for a list.</summary>
    public IEnumerable<(GuardId Rule, NumberKey Number, GuardHit Hit, DateTimeOffset Since)> All() =>
        _alerts.Where(alert => alert.Value.IsUp).Select(alert => (alert.Key.Rule, alert.Key.Number, alert.Value.Hit, alert.Value.Raised));

    /// <summary>A rule gave an alert, or would not have let a call pass.</summary>
    /// <returns>The event to send; null when it is only counted.</returns>
    public AlertEvent? OnHit(NumberKey number, in GuardHit hit, DateTimeOffset at)
    {
        if (!_alerts.TryGetValue((hit.Rule, number), out Entry? entry))
        {
            number = _alerts.Count < maxAlerts ? number : NumberKey.Other;
            if (!_alerts.TryGetValue((hit.Rule, number), out entry))
            {
                _alerts.Add((hit.Rule, number), entry = new Entry { Cleared = DateTimeOffset.MinValue });
            }
        }

        bool isGraver = entry.IsUp && (hit.Action > entry.Hit.Action || (hit.IsCritical && !entry.Hit.IsCritical));
        entry.Hit = isGraver || !entry.IsUp || at - entry.Reported >= _settings.Window ? hit : Graver(entry.Hit, hit);
        entry.Last = at > entry.Last ? at : entry.Last;
        entry.GoodDays = 0;
        entry.Count++;
        if (!entry.IsUp)
        {
            if (at - entry.Cleared < _settings.Rearm)
            {
                return null; // counted; said when the time has passed and it still comes
            }

            (entry.IsUp, entry.Raised) = (true, at);
            return entry.Report(AlertChange.Raised, number, at);
        }

        return isGraver || at - entry.Reported >= _settings.Window ? entry.Report(AlertChange.Updated, number, at) : null;
    }

    /// <summary>A daily rule finds the figures good today.</summary>
    /// <returns>The event when they have been so for <paramref name="days"/> days.</returns>
    public AlertEvent? OnGoodDay(GuardId rule, NumberKey number, DateTimeOffset at, int days)
    {
        if (!_alerts.TryGetValue((rule, number), out Entry? entry) || !entry.IsUp || ++entry.GoodDays < days)
        {
            return null;
        }

        return entry.Clear(number, at);
    }

    /// <summary>A daily rule finds nothing to report, but not good enough to end an alert.</summary>
    public void OnUnclearDay(GuardId rule, NumberKey number)
    {
        if (_alerts.TryGetValue((rule, number), out Entry? entry))
        {
            entry.GoodDays = 0;
        }
    }

    /// <summary>Time passes: alerts of rules that speak call by call end after quiet time; what ended long ago is forgotten.</summary>
    public IReadOnlyList<AlertEvent> OnTime(DateTimeOffset at)
    {
        List<AlertEvent>? events = null;
        List<(GuardId, NumberKey)>? gone = null;
        foreach (((GuardId rule, NumberKey number), Entry entry) in _alerts)
        {
            if (entry.IsUp && !IsDaily(rule) && at - entry.Last >= _settings.Quiet)
            {
                (events ??= []).Add(entry.Clear(number, at));
            }
            else if (!entry.IsUp && at - entry.Cleared >= _settings.Rearm && at - entry.Last >= _settings.Rearm)
            {
                (gone ??= []).Add((rule, number));
            }
        }

        gone?.ForEach(key => _alerts.Remove(key));
        events?.Sort((left, right) => left.Number == right.Number ? left.Hit.Rule.CompareTo(right.Hit.Rule) : NumberKey.Compare(left.Number, right.Number));
        return events ?? (IReadOnlyList<AlertEvent>)[];
    }

    internal void SetBack(DateTimeOffset at)
    {
        foreach (Entry entry in _alerts.Values)
        {
            entry.SetBack(at);
        }
    }

    internal void Save(BinaryWriter writer)
    {
        writer.Write(_alerts.Count);
        foreach (((GuardId _, NumberKey number), Entry entry) in _alerts)
        {
            number.Save(writer);
            HitState.Save(writer, entry.Hit);
            writer.Write(entry.IsUp);
            writer.Write(entry.Raised.UtcTicks);
            writer.Write(entry.Reported.UtcTicks);
            writer.Write(entry.Last.UtcTicks);
            writer.Write(entry.Cleared.UtcTicks);
            writer.Write(entry.Count);
            writer.Write(entry.GoodDays);
        }
    }

    internal void Load(BinaryReader reader)
    {
        for (int count = reader.ReadInt32(); count > 0; count--)
        {
            NumberKey number = NumberKey.Load(reader);
            GuardHit hit = HitState.Load(reader);
            _alerts[(hit.Rule, number)] = new Entry
            {
                Hit = hit,
                IsUp = reader.ReadBoolean(),
                Raised = Time(reader),
                Reported = Time(reader),
                Last = Time(reader),
                Cleared = Time(reader),
                Count = reader.ReadInt64(),
                GoodDays = reader.ReadInt32(),
            };
        }
    }

    private static DateTimeOffset Time(BinaryReader reader) => new(reader.ReadInt64(), TimeSpan.Zero);

    // These are judged once a day or on figures of days; calls say nothing about them.
    private static bool IsDaily(GuardId rule) => rule is GuardId.AnswerRate or GuardId.ReportRate or GuardId.TalkTime or GuardId.CallBack or GuardId.CarrierBlock;

    private static GuardHit Graver(in GuardHit known, in GuardHit hit) => hit.Action >= known.Action && hit.IsCritical == known.IsCritical ? hit : known;

    private sealed class Entry
    {
        public GuardHit Hit { get; set; }

        public bool IsUp { get; set; }

        public DateTimeOffset Raised { get; set; }

        public DateTimeOffset Reported { get; set; }

        public DateTimeOffset Last { get; set; }

        public DateTimeOffset Cleared { get; set; }

        public long Count { get; set; }

        public int GoodDays { get; set; }

        public void SetBack(DateTimeOffset at) =>
            (Raised, Reported, Last, Cleared) = (Earlier(Raised, at), Earlier(Reported, at), Earlier(Last, at), Earlier(Cleared, at));

        private static DateTimeOffset Earlier(DateTimeOffset left, DateTimeOffset right) => left < right ? left : right;

        public AlertEvent Report(AlertChange change, NumberKey number, DateTimeOffset at)
        {
            AlertEvent report = new(change, at, number, Hit, Count);
            (Reported, Count) = (at, 0);
            return report;
        }

        public AlertEvent Clear(NumberKey number, DateTimeOffset at)
        {
            (IsUp, Cleared, GoodDays) = (false, at, 0);
            return Report(AlertChange.Cleared, number, at);
        }
    }
}
