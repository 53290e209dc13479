using System.Text.Json;
using EdgeAgent.Core.Tests.Cases;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.EndToEnd;

/// <summary>The numbered cases through <c>edge-agent replay</c>: what a user sees of them is what the JSON beside each says.</summary>
public sealed class CaseReplayTests
{
    private static readonly DateTimeOffset Zero = new(2026, 3, 10, 10, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> Names => [.. Directory.EnumerateFiles(Folder, "*.json").Select(path => Path.GetFileNameWithoutExtension(path)).Order()];

    private static string Folder => Path.Combine(TestFiles.Captures, "cases");

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Replay_CaptureOfACase_PrintsWhatTheDefinitionsSay(string name)
    {
        CaseExpectation expectation = CaseExpectation.Read(Path.Combine(Folder, name + ".json"));
        string capture = Directory.EnumerateFiles(Folder, name + ".pcap*").ShouldHaveSingleItem();

        ReplayOutput output = await ReplayOutput.RunAsync(
            TestContext.Current.CancellationToken, capture, "--trunk", "192.0.2.10", "--trunk", "198.51.100.7");

        expectation.Differences(Lines(output)).ShouldBeEmpty(expectation.Why);
    }

    private static IEnumerable<string> Lines(ReplayOutput output) =>
    [
        .. FigureLines("totals", output.Totals, [.. CaseExpectation.Figures, .. CaseExpectation.TotalsOnly]),
        .. output.Rows.SelectMany(row => NumberLines($"numbers.{row.Key}", row.Value)),
        .. output.Calls.GroupBy(call => call.CallId).SelectMany(calls =>
            calls.OrderBy(call => call.Start).SelectMany((call, i) => CallLines($"calls.{call.CallId}#{i}", call))),
        .. Flat("capture", output.Root.Member("capture")),
        $"persons.distinct={output.Calls.Select(call => call.Person).Distinct().Count()}",
    ];

    private static IEnumerable<string> FigureLines(string path, JsonElement row, IEnumerable<string> names) => names.SelectMany(name =>
    {
        JsonElement? value = row;
        foreach (string part in name.Split('.'))
        {
            value = value is { } parent && parent.TryGetProperty(part, out JsonElement child) ? child : null;
        }

        return CaseExpectation.Line($"{path}.{name}", value?.GetDouble() ?? 0);
    });

    private static IEnumerable<string> NumberLines(string path, JsonElement row) =>
    [
        .. FigureLines(path, row, [.. CaseExpectation.Figures, .. CaseExpectation.NumberOnly]),
        .. row.Member("status").Counts().SelectMany(status => CaseExpectation.Line($"{path}.status.{status.Key}", status.Value)),
    ];

    private static IEnumerable<string> CallLines(string path, ReplayCall call) =>
    [
        .. CaseExpectation.Line($"{path}.at", (object?)Seconds(call.Start)),
        .. CaseExpectation.Line($"{path}.direction", call.Direction),
        .. CaseExpectation.Line($"{path}.number", call.Number),
        .. CaseExpectation.Line($"{path}.status", (object?)call.Status),
        .. CaseExpectation.Line($"{path}.disposition", call.Disposition),
        .. CaseExpectation.Line($"{path}.answeredAt", (object?)Seconds(call.AnsweredAt)),
        .. CaseExpectation.Line($"{path}.endedAt", (object?)Seconds(call.EndedAt)),
        .. CaseExpectation.Line($"{path}.endEvidence", call.EndEvidence),
        .. CaseExpectation.Line($"{path}.ringSeconds", (object?)call.RingSeconds),
        .. CaseExpectation.Line($"{path}.talkSeconds", (object?)call.TalkSeconds),
    ];

    private static double? Seconds(DateTimeOffset? at) => at is { } instant ? Math.Round((instant - Zero).TotalSeconds, 3) : null;

    /// <summary>Every number and text below an element.</summary>
    private static IEnumerable<string> Flat(string path, JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => Flat($"{path}.{member.Name}", member.Value)),
        JsonValueKind.Number => CaseExpectation.Line(path, (object)element.GetDouble()),
        JsonValueKind.String => [$"{path}={element.GetString()}"],
        _ => [],
    };
}
