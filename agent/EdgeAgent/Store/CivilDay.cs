using NodaTime;

namespace EdgeAgent.Store;

/// <summary>The civil day in Europe/Paris, by which daily totals are kept (agent/DEFINITIONS.md).</summary>
internal static class CivilDay
{
    private static readonly DateTimeZone Paris = DateTimeZoneProviders.Tzdb["Europe/Paris"];

    /// <summary>Day of <paramref name="at"/>.</summary>
    public static DateOnly Of(DateTimeOffset at) => Instant.FromDateTimeOffset(at).InZone(Paris).Date.ToDateOnly();
}
