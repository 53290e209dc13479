using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using EdgeAgent.Configuration;
using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Guards;

namespace EdgeAgent.Imports;

/// <summary>How many reports of spam a source has of a number and day.</summary>
/// <param name="Line">Line in the file.</param>
/// <param name="Number">The company's number.</param>
/// <param name="Day">Civil day of the reports, Europe/Paris.</param>
/// <param name="Source">Who has them, such as <c>33700</c>.</param>
/// <param name="Count">All its reports of that day, not only new ones: importing twice changes nothing.</param>
internal sealed record ReportLine(long Line, string Number, DateOnly Day, string Source, uint Count);

/// <summary>Lines of an import.</summary>
/// <param name="Lines">At most <see cref="ReportImport.MaxLines"/>.</param>
internal sealed record ReportLines(IReadOnlyList<ReportLine>? Lines);

/// <summary>Takes reports of spam from outside into the rule book.</summary>
internal static class ReportImport
{
    /// <summary>Lines in one request at most.</summary>
    public const int MaxLines = 2_000;

    /// <summary>Longest name of a source in characters.</summary>
    public const int MaxSourceLength = 40;

    /// <summary>Takes lines. Signalling thread.</summary>
    public static ReportOutcome Take(GuardBook book, DateTimeOffset now, IReadOnlyList<ReportLine> lines, AgentOptions options)
    {
        List<ImportFault> faults = [];
        long added = 0;
        DateOnly today = new ParisDay().Of(now);
        foreach (ReportLine line in lines)
        {
            NumberKey? number = StandingOrders.KeyOf(line.Number, options);
            string? fault = number is null ? "number is no telephone number"
                : line.Source is not { Length: > 0 and <= MaxSourceLength } || line.Source.Any(char.IsControl) ? $"source has 1 to {MaxSourceLength} characters"
                : line.Day > today ? "day is still to come"
                : today.DayNumber - line.Day.DayNumber > GuardBook.MaxReportAge ? $"day is more than {GuardBook.MaxReportAge} days ago"
                : book.State.Find(number.Value) is null ? "the number has not called, as far as is known here"
                : null;
            if (fault is not null)
            {
                faults.Add(new ImportFault(line.Line, fault));
                continue;
            }

            added += book.OnReports(number!.Value, line.Day, HashOf(line.Source), line.Count, now);
        }

        return new ReportOutcome(added, faults);
    }

    private static ulong HashOf(string source) => BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(source)));
}

/// <summary>What became of lines.</summary>
/// <param name="Added">Reports that were new.</param>
/// <param name="Faults">Lines that could not be used.</param>
internal sealed record ReportOutcome(long Added, IReadOnlyList<ImportFault> Faults);
