using System.Text;
using nietras.SeparatedValues;

namespace EdgeAgent.Imports;

/// <summary>A line of an import that cannot be used.</summary>
/// <param name="Line">Line in the file, from 1.</param>
/// <param name="Cause">What is wrong, without any value of the line: it may be a person's number.</param>
internal readonly record struct ImportFault(long Line, string Cause);

/// <summary>Rows of a CSV file with a header. The separator is that of the header: comma, semicolon or tab.</summary>
internal static class ImportFile
{
    /// <summary>Longest file, in bytes.</summary>
    public const long MaxBytes = 256L * 1024 * 1024;

    /// <summary>Reads rows one by one.</summary>
    /// <param name="path">The file; <c>-</c> for standard input.</param>
    /// <param name="required">Columns that must be there.</param>
    /// <param name="onRow">Takes the line's number, and the value of a column: empty where the file has none of that name.</param>
    /// <exception cref="CommandException">The file cannot be read, is no CSV, or lacks a column (exit 65).</exception>
    public static void Read(string path, IReadOnlyList<string> required, Action<long, Func<string, string>> onRow)
    {
        try
        {
            if (path != "-" && new FileInfo(path) is { Exists: true, Length: > MaxBytes })
            {
                throw new CommandException(ExitCode.BadInput, $"{path}: longer than {MaxBytes} bytes; divide it");
            }

            using Stream stream = path == "-" ? Console.OpenStandardInput() : File.OpenRead(path);
            using SepReader reader = Sep.Reader(options => options with { Unescape = true, DisableColCountCheck = true, Trim = SepTrim.All }).From(stream);
            string[] missing = [.. required.Where(name => !Has(reader, name))];
            if (missing.Length > 0)
            {
                throw new CommandException(
                    ExitCode.BadInput,
                    $"{path}: the header has no column {string.Join(", ", missing)}; it names {string.Join(", ", reader.Header.ColNames.Where(IsName).Take(20))}");
            }

            foreach (SepReader.Row row in reader)
            {
                Dictionary<string, string> values = new(StringComparer.OrdinalIgnoreCase);
                for (int i = 0; i < Math.Min(row.ColCount, reader.Header.ColNames.Count); i++)
                {
                    values[reader.Header.ColNames[i]] = row[i].ToString();
                }

                onRow(row.LineNumberFrom, name => values.GetValueOrDefault(name, ""));
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.BadInput, $"{path}: {fault.Message}", fault);
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidDataException or DecoderFallbackException)
        {
            // What the reader says quotes the row, and with it persons' numbers.
            throw new CommandException(ExitCode.BadInput, $"{path}: no CSV file with a header that names each column once, every quote closed");
        }
    }

    // In a file without a header the first line holds persons' numbers: they are not to be printed.
    private static bool IsName(string cell) => cell.Length > 0 && cell.Count(char.IsAsciiDigit) < 4;

    private static bool Has(SepReader reader, string name) =>
        reader.Header.ColNames.Any(column => string.Equals(column, name, StringComparison.OrdinalIgnoreCase));
}
