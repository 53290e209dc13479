using EdgeAgent.Core.Numbers;
using NodaTime;
using NodaTime.TimeZones;

namespace EdgeAgent.Core.Guard;

/// <summary>
/// Guard <c>hours</c>: Code de la consommation D223-9, in every zone the callee's range can mean. Says nothing about persons outside
/// the French plans. Reasons: <c>publicHoliday</c>, <c>weekend</c> (any day that is not a calling day), <c>beforeOpening</c>,
/// <c>lunchBreak</c> (between windows), <c>afterClosing</c>. Not thread-safe: it remembers, per zone, how long its last answer holds.
/// </summary>
public sealed class LegalHoursRule : IGuardRule
{
    private readonly LegalHoursSettings _settings;
    private readonly bool[] _isCallingDay = new bool[7];
    private readonly DateTimeZone[] _zones;
    private readonly Segment[] _segments;

    /// <summary>Takes settings without faults.</summary>
    /// <exception cref="ArgumentException">The settings have faults.</exception>
    public LegalHoursRule(LegalHoursSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Faults() is [string fault, ..])
        {
            throw new ArgumentException(fault, nameof(settings));
        }

        _settings = settings;
        foreach (DayOfWeek day in settings.Days)
        {
            _isCallingDay[(int)day] = true;
        }

        _zones = new DateTimeZone[CalleeZones.Ids.Length];
        for (int i = 0; i < _zones.Length; i++)
        {
            _zones[i] = DateTimeZoneProviders.Tzdb[CalleeZones.Ids[i]];
        }

        _segments = new Segment[_zones.Length];
    }

    /// <inheritdoc/>
    public string Name => "hours";

    /// <inheritdoc/>
    public GuardVerdict Evaluate(in CallFacts call, DateTimeOffset at)
    {
        (int first, int count) = CalleeZones.SliceOf(call.Person);
        if (count == 0)
        {
            return new GuardVerdict(GuardOutcome.NotApplicable);
        }

        long ticks = at.UtcTicks;
        for (int zone = first; zone < first + count; zone++)
        {
            ref Segment segment = ref _segments[zone];
            if (ticks < segment.From || ticks >= segment.To)
            {
                segment = SegmentAt(_zones[zone], ticks);
            }

            if (segment.Reason is not null)
            {
                return new GuardVerdict(GuardOutcome.Violation, segment.Reason);
            }
        }

        return default;
    }

    /// <summary>
    /// The answer at an instant and how long it holds: at most one local day, and one offset of the zone, within which local time and
    /// instants run alike.
    /// </summary>
    private Segment SegmentAt(DateTimeZone zone, long ticks)
    {
        ZoneInterval interval = zone.GetZoneInterval(CivilTime.InstantAt(ticks));
        long localTicks = ticks + interval.WallOffset.Ticks;
        long dayTicks = localTicks - FloorModulo(localTicks, TimeSpan.TicksPerDay);
        (long from, long to, string? reason) = InDay(CivilTime.DayAt(dayTicks), localTicks - dayTicks);

        long offset = dayTicks - interval.WallOffset.Ticks;
        return new Segment(
            Math.Max(from + offset, interval.HasStart ? CivilTime.TicksAt(interval.Start) : long.MinValue),
            Math.Min(to + offset, interval.HasEnd ? CivilTime.TicksAt(interval.End) : long.MaxValue),
            reason);
    }

    /// <summary>The answer at a time of a local day, and from and to which tick of that day it holds.</summary>
    private Segment InDay(LocalDate day, long ticksOfDay)
    {
        if (_settings.ClosedOnPublicHolidays && FrenchHolidays.Contains(day))
        {
            return new Segment(0, TimeSpan.TicksPerDay, "publicHoliday");
        }

        if (!_isCallingDay[(int)day.DayOfWeek % 7])
        {
            return new Segment(0, TimeSpan.TicksPerDay, "weekend");
        }

        long closed = 0;
        foreach ((TimeSpan opens, TimeSpan closes) in _settings.Windows)
        {
            if (ticksOfDay < opens.Ticks)
            {
                return new Segment(closed, opens.Ticks, closed == 0 ? "beforeOpening" : "lunchBreak");
            }

            if (ticksOfDay < closes.Ticks)
            {
                return new Segment(opens.Ticks, closes.Ticks, null);
            }

            closed = closes.Ticks;
        }

        return new Segment(closed, TimeSpan.TicksPerDay, "afterClosing");
    }

    private static long FloorModulo(long value, long divisor) => ((value % divisor) + divisor) % divisor;

    /// <summary>Ticks from inclusive, to exclusive, and why calls are not allowed between them; null when they are.</summary>
    private readonly record struct Segment(long From, long To, string? Reason);
}
