using System.Globalization;

namespace EdgeAgent.Configuration;

/// <summary>A part of the day, half open.</summary>
/// <param name="From">First minute in it.</param>
/// <param name="To">First minute after it; 00:00 is the end of the day.</param>
public readonly record struct TimeWindow(TimeOnly From, TimeOnly To)
{
    /// <summary>Reads <c>10:00-13:00</c>; <c>24:00</c> is the end of the day.</summary>
    public static bool TryParse(string text, out TimeWindow window)
    {
        window = default;
        if (text.Length != 11 || text[5] != '-' || !TryParseTime(text[..5], out TimeOnly from))
        {
            return false;
        }

        bool isWholeEnd = text.EndsWith("24:00", StringComparison.Ordinal);
        TimeOnly to = default;
        if (!isWholeEnd && (!TryParseTime(text[6..], out to) || to <= from))
        {
            return false;
        }

        window = new TimeWindow(from, to);
        return true;
    }

    /// <summary>True when a minute is in both.</summary>
    public bool Overlaps(TimeWindow other) => From.ToTimeSpan() < other.End && other.From.ToTimeSpan() < End;

    private TimeSpan End => To == default ? TimeSpan.FromDays(1) : To.ToTimeSpan();

    private static bool TryParseTime(string text, out TimeOnly time) =>
        TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
}
