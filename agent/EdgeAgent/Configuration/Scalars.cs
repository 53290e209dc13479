using System.Globalization;

namespace EdgeAgent.Configuration;

/// <summary>The kinds of single values, each with its range and its wording.</summary>
internal static class Scalars
{
    private static readonly (string Unit, TimeSpan Length)[] DurationUnits =
    [
        ("ms", TimeSpan.FromMilliseconds(1)), ("s", TimeSpan.FromSeconds(1)), ("min", TimeSpan.FromMinutes(1)),
        ("h", TimeSpan.FromHours(1)), ("d", TimeSpan.FromDays(1)),
    ];

    private static readonly (string Unit, long Bytes)[] SizeUnits =
        [("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40), ("B", 1)];

    /// <summary>A text that passes <paramref name="isAllowed"/>.</summary>
    public static KeyRule Text(string allowed, Func<string, bool> isAllowed) =>
        new ScalarRule(text => isAllowed(text) ? ScalarReading.Good(text) : ScalarReading.Bad($"is no {allowed}", text));

    /// <summary>A whole number.</summary>
    public static KeyRule Whole(int least, int most) => new ScalarRule(text =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most
            ? ScalarReading.Good(value.ToString(CultureInfo.InvariantCulture))
            : ScalarReading.Bad(string.Create(CultureInfo.InvariantCulture, $"is no whole number from {least} to {most}")));

    /// <summary><c>true</c> or <c>false</c>; nothing else, so that a typo is no decision.</summary>
    public static KeyRule Flag() => new ScalarRule(text =>
        bool.TryParse(text, out bool value) ? ScalarReading.Good(value ? "true" : "false") : ScalarReading.Bad("is neither true nor false"));

    /// <summary>One of an enumeration's names, in camelCase.</summary>
    public static KeyRule OneOf<T>()
        where T : struct, Enum => new ScalarRule(text =>
        Enum.GetNames<T>().FirstOrDefault(name => string.Equals(name, text, StringComparison.OrdinalIgnoreCase)) is string known
            ? ScalarReading.Good(known)
            : ScalarReading.Bad($"is none of {string.Join(", ", Enum.GetNames<T>().Select(n => char.ToLowerInvariant(n[0]) + n[1..]))}"));

    /// <summary>A number with a unit of time; the unit is required, because a bare 15 is read as something else by everyone.</summary>
    public static KeyRule Duration(string least, string most)
    {
        TimeSpan from = ReadDuration(least)!.Value;
        TimeSpan to = ReadDuration(most)!.Value;
        return new ScalarRule(text => ReadDuration(text) is TimeSpan value && value >= from && value <= to
            ? ScalarReading.Good(value.ToString("c", CultureInfo.InvariantCulture))
            : ScalarReading.Bad($"is no duration from {least} to {most} (units ms, s, min, h, d)"));
    }

    /// <summary>Bytes, with or without a unit.</summary>
    public static KeyRule Size(string least, string most)
    {
        long from = ReadSize(least)!.Value;
        long to = ReadSize(most)!.Value;
        return new ScalarRule(text => ReadSize(text) is long value && value >= from && value <= to
            ? ScalarReading.Good(value.ToString(CultureInfo.InvariantCulture))
            : ScalarReading.Bad($"is no size from {least} to {most} (bytes, or with KiB, MiB, GiB, TiB)"));
    }

    /// <summary>An absolute path.</summary>
    public static KeyRule Path() => Text("absolute path", text => text[0] == '/' && !text.Contains('\0', StringComparison.Ordinal));

    /// <summary>Reads <c>15 s</c>; null when it is none.</summary>
    internal static TimeSpan? ReadDuration(string text)
    {
        (string number, string unit) = Split(text);
        TimeSpan length = Array.Find(DurationUnits, u => u.Unit == unit).Length;
        return length > TimeSpan.Zero && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            && count <= TimeSpan.MaxValue / length
            ? length * count
            : null;
    }

    /// <summary>Reads <c>16 MiB</c> or <c>16777216</c>; null when it is none.</summary>
    internal static long? ReadSize(string text)
    {
        (string number, string unit) = Split(text);
        long bytes = Array.Find(SizeUnits, u => u.Unit == (unit.Length == 0 ? "B" : unit)).Bytes;
        return bytes > 0 && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long count) && count <= long.MaxValue / bytes
            ? count * bytes
            : null;
    }

    private static (string Number, string Unit) Split(string text)
    {
        int digits = text.TakeWhile(char.IsAsciiDigit).Count();
        return (text[..digits], text[digits..].Trim(' '));
    }
}
