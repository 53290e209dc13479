using Spectre.Console;

namespace EdgeAgent.Cli;

/// <summary>Output for people: a framed table on a terminal, aligned columns in a pipe or a file.</summary>
internal static class Terminal
{
    /// <summary>Writes a table; columns after the first are aligned right.</summary>
    public static void WriteTable(TextWriter output, IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        if (ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected)
        {
            WriteFramed(columns, rows);
            return;
        }

        int[] widths = [.. columns.Select((column, i) => rows.Select(row => row[i].Length).Append(column.Length).Max())];
        foreach (IReadOnlyList<string> row in rows.Prepend(columns))
        {
            IEnumerable<string> cells = row.Select((cell, i) => i == 0 ? Safe(cell).PadRight(widths[i]) : Safe(cell).PadLeft(widths[i]));
            output.WriteLine(string.Join("  ", cells).TrimEnd());
        }
    }

    /// <summary>Account names and error texts come from the network: control characters must not reach a terminal.</summary>
    public static string Safe(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '?' : c)) : text;

    private static void WriteFramed(IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        Table table = new() { Border = TableBorder.Rounded };
        foreach ((int index, string column) in columns.Index())
        {
            table.AddColumn(new TableColumn(Markup.Escape(column)) { Alignment = index == 0 ? Justify.Left : Justify.Right });
        }

        foreach (IReadOnlyList<string> row in rows)
        {
            table.AddRow([.. row.Select(cell => Markup.Escape(Safe(cell)))]);
        }

        AnsiConsole.Write(table);
    }
}
