using EdgeAgent.Core.Guard.Policy;
using NodaTime;

namespace EdgeAgent.Core.Guard;

/// <summary>
/// Legal calling time in Europe/Paris, against which it is measured how much of it was observed. Not thread-safe: it remembers the day it
/// was last asked about.
/// </summary>
public sealed class CallingTime
{
    private readonly DateTimeZone _paris = DateTimeZoneProviders.Tzdb["Europe/Paris"];
    private readonly ParisDay _day = new();
    private readonly IReadOnlyList<HoursLaw> _laws;
    private readonly Dictionary<string, HolidayCalendar> _calendars;
    private DateOnly _lastDay;
    private (DateTimeOffset From, DateTimeOffset To)[]? _lastWindows;

    /// <summary>Takes laws that are apart in time.</summary>
    /// <param name="laws">Calling hours by time in force.</param>
    /// <param name="calendars">Holidays they name.</param>
    public CallingTime(IReadOnlyList<HoursLaw> laws, IReadOnlyList<HolidayCalendar> calendars)
    {
        _laws = laws;
        _calendars = calendars.ToDictionary(calendar => calendar.Name);
    }

    /// <summary>Civil day that holds <paramref name="at"/>.</summary>
    public DateOnly DayOf(DateTimeOffset at) => _day.Of(at);

    /// <summary>Minutes since midnight on the clocks of that day.</summary>
    public int MinuteOfDay(DateTimeOffset at)
    {
        LocalTime time = CivilTime.InstantAt(at.UtcTicks).InZone(_paris).TimeOfDay;
        return (time.Hour * 60) + time.Minute;
    }

    /// <summary>First instant of a civil day.</summary>
    public DateTimeOffset StartOf(DateOnly day) => _paris.AtStartOfDay(LocalDate.FromDateOnly(day)).ToDateTimeOffset().ToUniversalTime();

    /// <summary>The legal windows of a civil day as instants, in order; none on a day that is closed.</summary>
    public IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)> WindowsOf(DateOnly day)
    {
        if (_lastWindows is null || day != _lastDay)
        {
            _lastDay = day;
            _lastWindows = MakeWindows(day);
        }

        return _lastWindows;
    }

    /// <summary>Legal calling time of a whole civil day.</summary>
    public TimeSpan Of(DateOnly day)
    {
        TimeSpan sum = TimeSpan.Zero;
        foreach ((DateTimeOffset from, DateTimeOffset to) in WindowsOf(day))
        {
            sum += to - from;
        }

        return sum;
    }

    /// <summary>Whether calls are legal at that instant.</summary>
    public bool Contains(DateTimeOffset at)
    {
        foreach ((DateTimeOffset from, DateTimeOffset to) in WindowsOf(DayOf(at)))
        {
            if (at >= from && at < to)
            {
                return true;
            }
        }

        return false;
    }

    private (DateTimeOffset From, DateTimeOffset To)[] MakeWindows(DateOnly day)
    {
        LocalDate date = LocalDate.FromDateOnly(day);
        if (LawPeriod.On(_laws, day) is not { } law)
        {
            return [(StartOf(day), StartOf(day.AddDays(1)))];
        }

        bool isClosed = !law.Days.Contains(day.DayOfWeek) || (law.Calendar is { } calendar && _calendars[calendar].Contains(date));
        return isClosed ? [] : [.. law.Windows.Select(window => (At(date, window.Opens), At(date, window.Closes)))];
    }

    /// <summary>A time of day that the clocks leave out or show twice is taken as NodaTime's lenient reading does.</summary>
    private DateTimeOffset At(LocalDate date, TimeSpan time)
    {
        LocalDateTime local = date.AtMidnight() + Period.FromTicks(time.Ticks);
        return _paris.AtLeniently(local).ToDateTimeOffset().ToUniversalTime();
    }
}
