using NodaTime;
using NodaTime.TimeZones;

namespace EdgeAgent.Core.Guard;

/// <summary>
/// The civil day in Europe/Paris of an instant, for daily figures and caps. Not thread-safe: it remembers the day it gave last.
/// </summary>
public sealed class ParisDay
{
    private static readonly DateTimeZone Paris = DateTimeZoneProviders.Tzdb["Europe/Paris"];
    private long _fromTicks;
    private long _toTicks;
    private DateOnly _day;

    /// <summary>The day that holds <paramref name="at"/>.</summary>
    public DateOnly Of(DateTimeOffset at)
    {
        long ticks = at.UtcTicks;
        if (ticks < _fromTicks || ticks >= _toTicks)
        {
            Turn(ticks);
        }

        return _day;
    }

    /// <summary>The first instant of <paramref name="day"/>.</summary>
    public static DateTimeOffset Start(DateOnly day) => Paris.AtStartOfDay(LocalDate.FromDateOnly(day)).ToDateTimeOffset().ToUniversalTime();

    private void Turn(long ticks)
    {
        ZoneInterval interval = Paris.GetZoneInterval(CivilTime.InstantAt(ticks));
        long offset = interval.WallOffset.Ticks;
        long dayTicks = Math.Clamp(ticks + offset, 0, DateTimeOffset.MaxValue.Ticks) / TimeSpan.TicksPerDay * TimeSpan.TicksPerDay;
        _day = DateOnly.FromDayNumber((int)(dayTicks / TimeSpan.TicksPerDay));

        // Within one offset local time and instants run alike; the day may go on after the clock change, which is then asked anew.
        _fromTicks = Math.Max(dayTicks - offset, interval.HasStart ? CivilTime.TicksAt(interval.Start) : long.MinValue);
        _toTicks = Math.Min(dayTicks - offset + TimeSpan.TicksPerDay, interval.HasEnd ? CivilTime.TicksAt(interval.End) : long.MaxValue);
    }
}
