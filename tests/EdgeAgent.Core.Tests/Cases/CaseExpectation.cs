using System.Globalization;
using System.Text.Json;

namespace EdgeAgent.Core.Tests.Cases;

/// <summary>
/// The JSON beside a capture of tests/captures/cases: members of the JSON of <c>edge-agent replay</c>, written by hand, with zeros and nulls
/// left out. Flat lines <c>path=value</c> are what is compared, so that a difference names itself.
/// </summary>
internal sealed class CaseExpectation
{
    private readonly SortedSet<string> _sections = new(StringComparer.Ordinal);

    private CaseExpectation(JsonElement root)
    {
        Case = root.GetProperty("case").GetInt32();
        Shows = root.GetProperty("shows").GetString()!;
        Why = root.GetProperty("why").GetString()!;
        foreach (JsonProperty section in root.EnumerateObject().Where(member => member.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array))
        {
            _sections.Add(section.Name);
            AddLines(section.Value, section.Name, Lines);
        }
    }

    /// <summary>Members of a row of figures that are compared, in totals and under each number; one that is not given is 0.</summary>
    public static IReadOnlyList<string> Figures { get; } =
    [
        "attempts", "humanCalls", "answered", "answeredEnded", "unknownEnd", "open", "talkSeconds",
        "dispositions.answered", "dispositions.busy", "dispositions.noAnswer", "dispositions.cancelled", "dispositions.rejected",
        "dispositions.unwanted", "dispositions.invalidNumber", "dispositions.failed",
        "inbound.attempts", "inbound.answered", "inbound.answeredEnded", "inbound.unknownEnd", "inbound.talkSeconds",
    ];

    /// <summary>What only totals have.</summary>
    public static IReadOnlyList<string> TotalsOnly { get; } = ["internal", "unlistedTrunk", "otherCalls"];

    /// <summary>What only a number has.</summary>
    public static IReadOnlyList<string> NumberOnly { get; } = ["ringSeconds", "withheld", "identityConflict", "unlistedTrunk"];

    /// <summary>Number of the case.</summary>
    public int Case { get; }

    /// <summary>What the capture shows.</summary>
    public string Shows { get; }

    /// <summary>Why these figures are right, in one sentence or two.</summary>
    public string Why { get; }

    /// <summary>Everything that is expected.</summary>
    public SortedSet<string> Lines { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads the JSON of a capture.</summary>
    public static CaseExpectation Read(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        return new CaseExpectation(document.RootElement);
    }

    /// <summary>Whatever is expected and missing, or there and not expected. Of <c>capture</c> only what the JSON names is compared.</summary>
    public IEnumerable<string> Differences(IEnumerable<string> actual)
    {
        HashSet<string> lines = [.. actual.Where(line =>
        {
            string section = line[..line.IndexOf('.', StringComparison.Ordinal)];
            return section == "capture" ? Lines.Any(expected => Path(expected) == Path(line)) : _sections.Contains(section);
        })];
        return Lines.Where(line => !lines.Contains(line)).Select(line => $"expected {line}")
            .Concat(lines.Where(line => !Lines.Contains(line)).Select(line => $"counted {line}"));
    }

    /// <summary>A line of a number that is 0 when left out.</summary>
    public static IEnumerable<string> Line(string path, double value) =>
        value == 0 ? [] : [string.Create(CultureInfo.InvariantCulture, $"{path}={Math.Round(value, 3)}")];

    /// <summary>A line of a value that is null when left out.</summary>
    public static IEnumerable<string> Line(string path, object? value) =>
        value is null ? [] : [string.Create(CultureInfo.InvariantCulture, $"{path}={value}")];

    private static string Path(string line) => line[..line.IndexOf('=', StringComparison.Ordinal)];

    private static void AddLines(JsonElement element, string path, SortedSet<string> lines)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty member in element.EnumerateObject())
                {
                    AddLines(member.Value, $"{path}.{member.Name}", lines);
                }

                break;
            case JsonValueKind.Array:
                foreach (JsonElement call in element.EnumerateArray())
                {
                    string id = call.GetProperty("callId").GetString()!;
                    int place = lines.Count(line => line.StartsWith($"{path}.{id}#", StringComparison.Ordinal) && line.Contains(".at=", StringComparison.Ordinal));
                    foreach (JsonProperty member in call.EnumerateObject().Where(member => member.Name != "callId"))
                    {
                        AddLines(member.Value, $"{path}.{id}#{place}.{member.Name}", lines);
                    }
                }

                break;
            case JsonValueKind.Number:
                lines.UnionWith(Line(path, (object)element.GetDouble()));
                break;
            default:
                lines.Add($"{path}={element}");
                break;
        }
    }
}
