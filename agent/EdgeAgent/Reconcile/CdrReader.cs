using System.IO.Enumeration;
using nietras.SeparatedValues;

namespace EdgeAgent.Reconcile;

/// <summary>Reads the calls of a file of carrier or PBX. A row that cannot be read is counted and named, never fatal.</summary>
/// <param name="layout">Where in the file what stands.</param>
/// <param name="callers">Names caller IDs.</param>
internal sealed class CdrReader(CdrLayout layout, CallerIds callers)
{
    /// <summary>Calls held at most: a month of a large centre; 120 MB.</summary>
    public const int MaxCalls = 5_000_000;

    private const int MaxColumns = 1_000;

    private readonly CdrText _text = new(layout.Zone, layout.TimeFormat);

    private int[] _start = [];
    private int _number = -1;
    private int _answered = -1;
    private int _duration = -1;
    private int _channel = -1;

    /// <summary>Reads everything.</summary>
    /// <exception cref="CommandException">The file is no such file, a column is not there, or no row is good (exit 65).</exception>
    public CdrFile Read(Stream stream, CancellationToken cancellationToken)
    {
        CdrFile file = new();
        SepReaderOptions options = new(layout.Delimiter is char delimiter ? new Sep(delimiter) : null)
        {
            HasHeader = false, // found out below: a file with places instead of names may have one too
            Unescape = true,
            DisableColCountCheck = true, // a row that is too short is a fault of its own, not of the file
        };
        try
        {
            using StreamReader text = new(stream, leaveOpen: true); // the caller still reads what is behind the end
            using SepReader reader = options.From(text);
            foreach (SepReader.Row row in reader)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (_start.Length == 0 && TakeHeader(row))
                {
                    continue;
                }

                Take(row, file);
            }
        }
        catch (Exception fault) when (fault is NotSupportedException or InvalidDataException or ArgumentException)
        {
            throw new CommandException(ExitCode.BadInput, $"after row {file.Rows} the file cannot be cut into rows: is a quotation mark not closed, or the delimiter another?", fault);
        }

        foreach (List<CdrCall> calls in file.Calls.Values)
        {
            calls.Sort((a, b) => a.Start.CompareTo(b.Start));
        }

        return file;
    }

    /// <summary>Finds the columns; true when the row is a header.</summary>
    private bool TakeHeader(SepReader.Row row)
    {
        string[] cells = new string[Math.Min(row.ColCount, MaxColumns)];
        for (int i = 0; i < cells.Length; i++)
        {
            cells[i] = row[i].ToString().Trim();
        }

        bool isHeader = Find(cells, layout.Start[0]) is not null || (layout.Start[0].Names.Count == 0 && cells.Length > 0 && !cells.Any(cell => cell.Any(char.IsAsciiDigit)));
        int Place(CdrColumn? column) => column is null
            ? -1
            : (isHeader ? Find(cells, column) : null)
                ?? (column.Place > 0 && (!isHeader || column.Names.Count == 0)
                    ? column.Place - 1
                    : throw new CommandException(ExitCode.BadInput, $"no column \"{column}\" in the first line; there are {string.Join(", ", cells.Where(IsName))}"));
        _start = [.. layout.Start.Select(Place)];
        _number = Place(layout.Number);
        _answered = Place(layout.Answered);
        _duration = Place(layout.Duration);
        _channel = Place(layout.Channel);
        return isHeader;
    }

    private static int? Find(string[] cells, CdrColumn column)
    {
        foreach (string name in column.Names)
        {
            int place = Array.FindIndex(cells, cell => string.Equals(cell, name, StringComparison.OrdinalIgnoreCase));
            if (place >= 0)
            {
                return place;
            }
        }

        return null;
    }

    // In a file without header the first line holds called numbers: they are not to be printed.
    private static bool IsName(string cell) => cell.Length > 0 && cell.Count(char.IsAsciiDigit) < 4;

    private void Take(SepReader.Row row, CdrFile file)
    {
        file.Rows++;
        if (_channel >= 0)
        {
            if (_channel >= row.ColCount)
            {
                file.Fault(row.LineNumberFrom, "tooFewColumns");
                return;
            }

            string channel = row[_channel].ToString();
            if (!layout.ChannelPatterns.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, channel)))
            {
                file.PassOver(channel);
                return;
            }
        }

        if (CauseAgainst(row, out string caller, out CdrCall call) is { } cause)
        {
            file.Fault(row.LineNumberFrom, cause);
        }
        else
        {
            file.Add(caller, call);
        }
    }

    private string? CauseAgainst(SepReader.Row row, out string caller, out CdrCall call)
    {
        (caller, call) = ("", default);
        if (_start.Max() >= row.ColCount || _number >= row.ColCount || _answered >= row.ColCount || _duration >= row.ColCount)
        {
            return "tooFewColumns";
        }

        string start = row[_start[0]].ToString();
        for (int i = 1; i < _start.Length; i++)
        {
            start = $"{start} {row[_start[i]]}";
        }

        if (!_text.TryTime(start, out DateTimeOffset time))
        {
            return "startIsNoTime";
        }

        double seconds = 0;
        if (_duration >= 0 && !CdrText.TryDuration(row[_duration].ToString(), out seconds))
        {
            return "durationIsNoNumber";
        }

        bool isAnswered = _answered >= 0 ? _text.IsAnswered(row[_answered].ToString()) : seconds > 0;
        caller = callers.Of(row[_number].ToString());
        call = new CdrCall(time, isAnswered, isAnswered ? seconds : 0);
        return null;
    }
}
