using System.Globalization;
using NodaTime;

namespace EdgeAgent.Reconcile;

/// <summary>A column: found by one of its names in the header, or by its place.</summary>
/// <param name="Names">Names in a header, the first that is there counts; empty for a place.</param>
/// <param name="Place">Place from 1 in a file without header; 0 where only names are known.</param>
internal sealed record CdrColumn(IReadOnlyList<string> Names, int Place)
{
    /// <summary>Reads what the user gave: a name, or a place from 1.</summary>
    public static CdrColumn Parse(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int place) && place > 0 ? new CdrColumn([], place) : new CdrColumn([text], 0);

    /// <inheritdoc/>
    public override string ToString() => Names.Count > 0 ? Names[0] : Place.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Where in a file what stands.</summary>
internal sealed record CdrLayout
{
    /// <summary>Master.csv of Asterisk's cdr_csv, with or without header; also what FreePBX and cdr_adaptive_odbc export.</summary>
    public static CdrLayout Asterisk { get; } = new()
    {
        Start = [new CdrColumn(["start", "calldate"], 10)],
        Number = new CdrColumn(["src", "cnum"], 2),
        Answered = new CdrColumn(["disposition"], 15),
        Duration = new CdrColumn(["billsec"], 14),
        Channel = new CdrColumn(["dstchannel"], 7),
        Delimiter = ',',
    };

    /// <summary>Start of the call; several columns (date, time) are joined by a space.</summary>
    public IReadOnlyList<CdrColumn> Start { get; init; } = [];

    /// <summary>Caller ID.</summary>
    public CdrColumn? Number { get; init; }

    /// <summary>Disposition, time of answer, or yes and no; null: answered is what lasted.</summary>
    public CdrColumn? Answered { get; init; }

    /// <summary>Talk or billed time; null for none.</summary>
    public CdrColumn? Duration { get; init; }

    /// <summary>Outgoing channel; null where every row is an outbound call.</summary>
    public CdrColumn? Channel { get; init; }

    /// <summary>Patterns (<c>*</c> for any text) of <see cref="Channel"/> that make a row an outbound call.</summary>
    public IReadOnlyList<string> ChannelPatterns { get; init; } = [];

    /// <summary>Between columns; null finds it in the first line.</summary>
    public char? Delimiter { get; init; }

    /// <summary>.NET format of <see cref="Start"/>; null for the usual ones.</summary>
    public string? TimeFormat { get; init; }

    /// <summary>Zone of times that name none.</summary>
    public DateTimeZone Zone { get; init; } = DateTimeZone.Utc;
}
