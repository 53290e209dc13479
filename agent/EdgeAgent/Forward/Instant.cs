using System.Globalization;

namespace EdgeAgent.Forward;

/// <summary>Times as written in every document: ISO 8601, UTC.</summary>
internal static class Instant
{
    /// <summary>To the second, for what falls on one.</summary>
    public static string Seconds(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>To the microsecond.</summary>
    public static string Microseconds(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
