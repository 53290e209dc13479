using EdgeAgent.Core.Guard.Policy;
using EdgeAgent.Core.Numbers;
using NodaTime;
using NodaTime.TimeZones;

namespace EdgeAgent.Core.Guard;

/// <summary>
/// Whether a person may be called at an instant by the law in force there and then, in every zone the number's range can mean. Not
/// thread-safe: it remembers, per zone, how long its last answer holds.
/// </summary>
public sealed class CallingHours
{
    /// <summary>Closed stretches looked at for the next opening: a month of them, more than any run of holidays.</summary>
    private const int MaxStretches = 150;

    private readonly IReadOnlyList<HoursLaw> _laws;
    private readonly Dictionary<string, HolidayCalendar> _calendars;
    private readonly long _margin;
    private readonly DateTimeZone[] _zones;
    private readonly Segment[] _segments;

    /// <summary>Takes laws that are apart in time.</summary>
    /// <param name="laws">Calling hours by time in force.</param>
    /// <param name="calendars">Holidays they name.</param>
    /// <param name="closeMargin">A window is taken to end this much earlier.</param>
    public CallingHours(IReadOnlyList<HoursLaw> laws, IReadOnlyList<HolidayCalendar> calendars, TimeSpan closeMargin = default)
    {
        _laws = laws;
        _calendars = calendars.ToDictionary(calendar => calendar.Name);
        _margin = closeMargin.Ticks;
        _zones = new DateTimeZone[CalleeZones.Ids.Length];
        for (int i = 0; i < _zones.Length; i++)
        {
            _zones[i] = DateTimeZoneProviders.Tzdb[CalleeZones.Ids[i]];
        }

        _segments = new Segment[_zones.Length];
    }

    /// <summary>Why calls are forbidden at an instant, and by which law; nulls when they are allowed, or no zone is known.</summary>
    public (string? Reason, string? Reference) ClosedAt(E164Number person, DateTimeOffset at)
    {
        (int first, int count) = CalleeZones.SliceOf(person);
        for (int zone = first; zone < first + count; zone++)
        {
            ref Segment segment = ref SegmentOf(zone, at.UtcTicks);
            if (segment.Reason is not null)
            {
                return (segment.Reason, segment.Reference);
            }
        }

        return default;
    }

    /// <summary>The first instant from <paramref name="at"/> on at which the person may be called; null when none is found within a month.</summary>
    public DateTimeOffset? NextOpen(E164Number person, DateTimeOffset at)
    {
        (int first, int count) = CalleeZones.SliceOf(person);
        long ticks = at.UtcTicks;
        int zone = first;
        for (int tried = 0; tried < MaxStretches && zone < first + count; tried++)
        {
            Segment segment = SegmentAt(_zones[zone], ticks);
            if (segment.Reason is null)
            {
                zone++;
            }
            else
            {
                ticks = segment.To;
                zone = first; // what opens here may close there meanwhile
            }
        }

        return zone == first + count && ticks <= DateTimeOffset.MaxValue.Ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
    }

    /// <summary>The civil day of an instant in a zone of <see cref="CalleeZones.Ids"/>.</summary>
    internal LocalDate DayIn(int zone, DateTimeOffset at) => SegmentOf(zone, at.UtcTicks).Day;

    private ref Segment SegmentOf(int zone, long ticks)
    {
        ref Segment segment = ref _segments[zone];
        if (ticks < segment.From || ticks >= segment.To)
        {
            segment = SegmentAt(_zones[zone], ticks);
        }

        return ref segment;
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
        Segment local = InDay(CivilTime.DayAt(dayTicks), localTicks - dayTicks);

        long offset = dayTicks - interval.WallOffset.Ticks;
        return local with
        {
            From = Math.Max(local.From + offset, interval.HasStart ? CivilTime.TicksAt(interval.Start) : long.MinValue),
            To = Math.Min(local.To + offset, interval.HasEnd ? CivilTime.TicksAt(interval.End) : long.MaxValue),
        };
    }

    /// <summary>The answer at a time of a local day, and from and to which tick of that day it holds.</summary>
    private Segment InDay(LocalDate day, long ticksOfDay)
    {
        HoursLaw? law = LawPeriod.On(_laws, day.ToDateOnly());
        if (law is null)
        {
            return new Segment(0, TimeSpan.TicksPerDay, day, null, null);
        }

        if (law.Calendar is { } calendar && _calendars[calendar].Contains(day))
        {
            return new Segment(0, TimeSpan.TicksPerDay, day, "publicHoliday", law.Reference);
        }

        if (!law.Days.Contains((DayOfWeek)((int)day.DayOfWeek % 7)))
        {
            return new Segment(0, TimeSpan.TicksPerDay, day, "weekend", law.Reference);
        }

        long closed = 0;
        foreach ((TimeSpan opens, TimeSpan closes) in law.Windows)
        {
            if (ticksOfDay < opens.Ticks)
            {
                return new Segment(closed, opens.Ticks, day, closed == 0 ? "beforeOpening" : "lunchBreak", law.Reference);
            }

            long end = Math.Max(opens.Ticks, closes.Ticks - _margin);
            if (ticksOfDay < end)
            {
                return new Segment(opens.Ticks, end, day, null, null);
            }

            closed = end;
        }

        return new Segment(closed, TimeSpan.TicksPerDay, day, "afterClosing", law.Reference);
    }

    private static long FloorModulo(long value, long divisor) => ((value % divisor) + divisor) % divisor;

    /// <summary>Ticks from inclusive, to exclusive, and why calls are not allowed between them; null when they are.</summary>
    private readonly record struct Segment(long From, long To, LocalDate Day, string? Reason, string? Reference);
}
