using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace EdgeAgent.Reconcile;

/// <summary>The ways in which files of calls write times, durations and answers.</summary>
/// <param name="zone">Zone of times that name none.</param>
/// <param name="timeFormat">The only format of times; null for the usual ones.</param>
internal sealed class CdrText(DateTimeZone zone, string? timeFormat)
{
    private static readonly LocalDateTimePattern[] Usual =
    [
        .. new[]
        {
            "uuuu'-'MM'-'dd HH':'mm':'ss;FFFFFFFFF", "uuuu'-'MM'-'dd'T'HH':'mm':'ss;FFFFFFFFF", "dd'/'MM'/'uuuu HH':'mm':'ss;FFFFFFFFF",
            "uuuu'/'MM'/'dd HH':'mm':'ss", "dd'.'MM'.'uuuu HH':'mm':'ss", "uuuuMMdd HHmmss", "uuuuMMddHHmmss",
        }.Select(LocalDateTimePattern.CreateWithInvariantCulture),
    ];

    private static readonly OffsetDateTimePattern[] WithOffset =
    [
        OffsetDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm':'ss;FFFFFFFFFo<G>"),
        OffsetDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd HH':'mm':'ss;FFFFFFFFFo<G>"),
    ];

    private readonly LocalDateTimePattern[] _local = timeFormat is null ? Usual : [LocalDateTimePattern.CreateWithInvariantCulture(timeFormat)];
    private int _latest; // the format of the row before is most likely this row's too

    /// <summary>True for a format that can be read by.</summary>
    public static bool IsFormat(string format)
    {
        try
        {
            LocalDateTimePattern.CreateWithInvariantCulture(format);
            return true;
        }
        catch (InvalidPatternException)
        {
            return false;
        }
    }

    /// <summary>Reads a time: local in the zone, with an offset, or Unix seconds or milliseconds.</summary>
    public bool TryTime(string text, out DateTimeOffset time)
    {
        time = default;
        text = text.Trim();
        for (int i = 0; i < _local.Length; i++)
        {
            int tried = (_latest + i) % _local.Length;
            if (_local[tried].Parse(text).TryGetValue(default, out LocalDateTime local))
            {
                _latest = tried;
                time = local.InZoneLeniently(zone).ToDateTimeOffset();
                return true;
            }
        }

        if (timeFormat is not null)
        {
            return false;
        }

        foreach (OffsetDateTimePattern pattern in WithOffset)
        {
            if (pattern.Parse(text).TryGetValue(default, out OffsetDateTime dated))
            {
                time = dated.ToDateTimeOffset();
                return true;
            }
        }

        return TryUnix(text, out time);
    }

    /// <summary>Reads seconds, or <c>mm:ss</c> or <c>hh:mm:ss</c>.</summary>
    public static bool TryDuration(string text, out double seconds)
    {
        seconds = 0;
        text = text.Trim();
        if (text.Length == 0)
        {
            return true; // not answered, in most files
        }

        foreach (string part in text.Split(':'))
        {
            if (!double.TryParse(part, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) || value > 1e7)
            {
                return false;
            }

            seconds = (seconds * 60) + value;
        }

        return seconds < 1e7;
    }

    /// <summary>True for a disposition, a flag or a time that says the call was answered.</summary>
    public bool IsAnswered(string text) => text.Trim().ToUpperInvariant() switch
    {
        "ANSWERED" or "ANSWER" or "OK" or "SUCCESS" or "COMPLETED" or "CONNECTED" or "200" or "YES" or "TRUE" or "1" or "OUI" or "REPONDU" or "RÉPONDU" => true,
        { Length: >= 8 } time => TryTime(time, out DateTimeOffset at) && at.Year > 1970,
        _ => false,
    };

    private static bool TryUnix(string text, out DateTimeOffset time)
    {
        time = default;
        int point = text.IndexOf('.', StringComparison.Ordinal);
        int digits = point < 0 ? text.Length : point;
        if (digits is not (10 or 13) || !decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value))
        {
            return false;
        }

        time = DateTimeOffset.UnixEpoch.AddTicks((long)(value * (digits == 10 ? TimeSpan.TicksPerSecond : TimeSpan.TicksPerMillisecond)));
        return time.Year >= 2001; // ten digits that begin with 0 are a French number, not a time
    }
}
