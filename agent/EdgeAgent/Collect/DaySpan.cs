using System.Globalization;

namespace EdgeAgent.Collect;

/// <summary>Civil days in Europe/Paris whose figures are wanted, both ends included; open where an end is null, all time where both are.</summary>
/// <param name="First">First day, YYYY-MM-DD.</param>
/// <param name="Last">Last day.</param>
internal readonly record struct DaySpan(string? First, string? Last)
{
    /// <summary>All time, what belongs to no single day included.</summary>
    public bool IsAllTime => First is null && Last is null;

    /// <summary>True for the text of a day.</summary>
    public static bool IsDay(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}
