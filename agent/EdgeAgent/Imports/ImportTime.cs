using System.Globalization;
using EdgeAgent.Core.Guard;

namespace EdgeAgent.Imports;

/// <summary>Times and days as import files write them.</summary>
internal static class ImportTime
{
    /// <summary>An ISO 8601 time with an offset, or a civil day in Europe/Paris, which stands for its first instant.</summary>
    public static bool TryInstant(string text, out DateTimeOffset at)
    {
        if (TryDay(text, out DateOnly day))
        {
            at = ParisDay.Start(day);
            return true;
        }

        return DateTimeOffset.TryParseExact(
            text,
            ["yyyy-MM-dd'T'HH:mmzzz", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mm:ss'Z'"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out at);
    }

    /// <summary>A civil day: <c>2026-08-11</c> or <c>11/08/2026</c>.</summary>
    public static bool TryDay(string text, out DateOnly day) =>
        DateOnly.TryParseExact(text, ["yyyy-MM-dd", "dd/MM/yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
}
