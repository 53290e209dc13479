using NodaTime;

namespace EdgeAgent.Telemetry;

/// <summary>The civil day figures are shown for: Europe/Paris, from the zone data the agent carries, whatever the host is set to.</summary>
internal static class CivilDay
{
    private static readonly DateTimeZone Paris = DateTimeZoneProviders.Tzdb["Europe/Paris"];

    /// <summary>Day in which <paramref name="at"/> falls.</summary>
    public static DateOnly Of(DateTimeOffset at) => Instant.FromDateTimeOffset(at).InZone(Paris).Date.ToDateOnly();
}
