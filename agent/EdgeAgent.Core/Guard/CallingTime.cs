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
    private readonly LegalHoursSettings _settings;
    private DateOnly _lastDay;
    private (DateTimeOffset From, DateTimeOffset To)[]? _lastWindows;

    /// <summary>Takes settings without faults.</summary>
    /// <exception cref="ArgumentException">The settings have faults.</exception>
    public CallingTime(LegalHoursSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Faults() is [string fault, ..])
        {
            throw new ArgumentException(fault, nameof(settings));
        }

        _settings = settings;
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
        bool isClosed = !_settings.Days.Contains(day.DayOfWeek) || (_settings.ClosedOnPublicHolidays && FrenchHolidays.Contains(date));
        return isClosed ? [] : [.. _settings.Windows.Select(window => (At(date, window.Opens), At(date, window.Closes)))];
    }

    /// <summary>A time of day that the clocks leave out or show twice is taken as NodaTime's lenient reading does.</summary>
    private DateTimeOffset At(LocalDate date, TimeSpan time)
    {
        LocalDateTime local = date.AtMidnight() + Period.FromTicks(time.Ticks);
        return _paris.AtLeniently(local).ToDateTimeOffset().ToUniversalTime();
    }
}
