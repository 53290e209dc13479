using NodaTime;

namespace EdgeAgent.Core.Guard;

/// <summary>Between the ticks of <see cref="DateTimeOffset"/> (100 ns since year 1) and NodaTime, for any value either can hold.</summary>
internal static class CivilTime
{
    // A capture file can claim any time. A day from either end of the calendar, so that no offset leads out of it.
    private static readonly long FirstTicks = DateTimeOffset.MinValue.Ticks + TimeSpan.TicksPerDay;
    private static readonly long LastTicks = DateTimeOffset.MaxValue.Ticks - TimeSpan.TicksPerDay;
    private static readonly LocalDate FirstDay = new(1, 1, 1);

    /// <summary>The instant of UTC ticks.</summary>
    public static Instant InstantAt(long utcTicks) =>
        Instant.FromUnixTimeTicks(Math.Clamp(utcTicks, FirstTicks, LastTicks) - DateTimeOffset.UnixEpoch.Ticks);

    /// <summary>The UTC ticks of an instant.</summary>
    public static long TicksAt(Instant instant) => instant.ToUnixTimeTicks() + DateTimeOffset.UnixEpoch.Ticks;

    /// <summary>The civil day that holds local ticks.</summary>
    public static LocalDate DayAt(long localTicks) =>
        FirstDay.PlusDays((int)(Math.Clamp(localTicks, 0, DateTimeOffset.MaxValue.Ticks) / TimeSpan.TicksPerDay));
}
