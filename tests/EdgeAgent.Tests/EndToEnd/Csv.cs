using System.Text;
using Shouldly;

namespace EdgeAgent.Tests.EndToEnd;

/// <summary>Reads the truth files: RFC 4180 with a header line; rows are looked up by column name.</summary>
internal static class Csv
{
    /// <summary>Every row after the header.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, string>> Read(string path)
    {
        List<IReadOnlyDictionary<string, string>> rows = [];
        List<string>? header = null;
        foreach (List<string> fields in Records(File.ReadAllText(path)))
        {
            if (header is null)
            {
                header = fields;
                continue;
            }

            fields.Count.ShouldBe(header.Count, $"{path}: row {rows.Count + 1}");
            rows.Add(header.Zip(fields).ToDictionary(pair => pair.First, pair => pair.Second));
        }

        return rows;
    }

    /// <summary>Every row of a file without header.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> ReadRows(string path) => [.. Records(File.ReadAllText(path))];

    private static IEnumerable<List<string>> Records(string text)
    {
        List<string> fields = [];
        StringBuilder field = new();
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (quoted && c == '"' && i + 1 < text.Length && text[i + 1] == '"')
            {
                field.Append(text[++i]);
            }
            else if (c == '"')
            {
                quoted = !quoted;
            }
            else if (quoted || c is not (',' or '\n' or '\r'))
            {
                field.Append(c);
            }
            else if (c != '\r')
            {
                fields.Add(field.ToString());
                field.Clear();
                if (c == '\n')
                {
                    yield return fields;
                    fields = [];
                }
            }
        }

        if (fields.Count > 0 || field.Length > 0)
        {
            fields.Add(field.ToString());
            yield return fields;
        }
    }
}
