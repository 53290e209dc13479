using System.Globalization;
using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Hep;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Tests.Calls;

namespace EdgeAgent.Core.Tests.Cases;

/// <summary>A case played to the engine, its figures as the lines of <see cref="CaseExpectation"/>.</summary>
internal static class CaseRun
{
    /// <summary>The carriers of all cases: what <c>replay --trunk 192.0.2.10 --trunk 198.51.100.7</c> makes of them.</summary>
    public static EngineSettings Settings { get; } = EngineRun.Settings(new TrunkTable(
    [
        new Trunk("192.0.2.10", [Hosts.Range("192.0.2.10/32")], PartyReader.DefaultOrder),
        new Trunk("198.51.100.7", [Hosts.Range("198.51.100.7/32")], PartyReader.DefaultOrder),
    ])) with { Hep = new HepSettings { ReadsCaptured = true } };

    /// <summary>Plays the whole capture and ends it.</summary>
    public static EngineRun Play(IEnumerable<CapturedPacket> packets, EngineSettings? settings = null)
    {
        EngineRun run = new EngineRun(settings ?? Settings).Play(packets);
        run.Engine.Finish();
        return run;
    }

    /// <summary>All that is comparable with the JSON of a case.</summary>
    public static IEnumerable<string> Lines(EngineRun run) =>
    [
        .. FigureLines("totals", run.Totals),
        .. CaseExpectation.Line("totals.internal", run.Traffic.Internal),
        .. CaseExpectation.Line("totals.unlistedTrunk", run.Traffic.UnlistedTrunk),
        .. CaseExpectation.Line("totals.otherCalls", run.Traffic.OtherCalls),
        .. run.Numbers.SelectMany(pair => NumberLines($"numbers.{pair.Key}", pair.Value)),
        .. run.Closed.GroupBy(call => call.CallId).SelectMany(calls =>
            calls.OrderBy(call => call.Start).SelectMany((call, i) => CallLines($"calls.{call.CallId}#{i}", call))),
        .. CaptureLines(run.Engine.Counters),
        $"persons.distinct={run.Closed.Select(call => call.Person).Distinct().Count()}",
    ];

    private static IEnumerable<string> FigureLines(string path, NumberCounters counters) =>
    [
        .. CaseExpectation.Figures.Where(name => name != "open").SelectMany(name => CaseExpectation.Line($"{path}.{name}", Read(counters, name))),
        .. CaseExpectation.Line($"{path}.open", counters.Attempts - counters.Disposed),
    ];

    private static IEnumerable<string> NumberLines(string path, NumberCounters counters) =>
    [
        .. FigureLines(path, counters),
        .. CaseExpectation.NumberOnly.SelectMany(name => CaseExpectation.Line($"{path}.{name}", Read(counters, name))),
        .. counters.Status.Entries.ToArray().SelectMany(entry => CaseExpectation.Line($"{path}.status.{entry.Code}", entry.Count)),
    ];

    private static double Read(NumberCounters counters, string name)
    {
        string[] parts = name.Split('.');
        CounterField field = CounterFields.All.Single(each => each.Name == parts[^1] && each.Group == (parts.Length > 1 ? parts[0] : null));
        long value = field.Read(counters);
        return field.Unit == CounterUnit.Duration ? TimeSpan.FromTicks(value).TotalSeconds : value;
    }

    private static IEnumerable<string> CallLines(string path, CallRecord call) =>
    [
        .. CaseExpectation.Line($"{path}.at", (object)Seconds(call.Start)!),
        .. CaseExpectation.Line($"{path}.direction", CamelCase(call.Direction.ToString())),
        .. CaseExpectation.Line($"{path}.number", call.Number.ToString()),
        .. CaseExpectation.Line($"{path}.status", (object?)call.Status),
        .. CaseExpectation.Line($"{path}.disposition", call.Disposition is { } disposition ? CamelCase(disposition.ToString()) : null),
        .. CaseExpectation.Line($"{path}.answeredAt", (object?)Seconds(call.AnsweredAt)),
        .. CaseExpectation.Line($"{path}.endedAt", (object?)Seconds(call.EndedAt)),
        .. CaseExpectation.Line($"{path}.endEvidence", Evidence(call.EndEvidence)),
        .. CaseExpectation.Line($"{path}.ringSeconds", (object?)Rounded(call.Ring?.TotalSeconds)),
        .. CaseExpectation.Line($"{path}.talkSeconds", (object?)Rounded(call.Talk?.TotalSeconds)),
    ];

    private static IEnumerable<string> CaptureLines(EngineCounters counters) =>
    [
        $"capture.sipMessages={counters.SipMessages}",
        $"capture.retransmissions={counters.Retransmissions}",
        $"capture.quality.undecodable={counters.Quality.Undecodable}",
        $"capture.quality.reassemblyGaps={counters.Quality.ReassemblyGaps}",
        $"capture.quality.fragments={counters.Quality.Fragments}",
        $"capture.quality.orphanResponses={counters.Quality.OrphanResponses}",
        $"capture.quality.orphanByes={counters.Quality.OrphanByes}",
        $"capture.quality.evictions={counters.Quality.Evictions}",
        $"capture.quality.confidence={CamelCase(counters.Quality.Confidence.ToString())}",
        .. counters.Rejected.Select(cause => $"capture.rejected.{cause.Key}={cause.Value}"),
    ];

    private static double? Seconds(DateTimeOffset? at) => Rounded((at - Scenario.Zero)?.TotalSeconds);

    private static double? Rounded(double? seconds) => seconds is { } value ? Math.Round(value, 3) : null;

    private static string CamelCase(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    /// <summary>As agent/DEFINITIONS.md writes it.</summary>
    private static string Evidence(EndEvidence evidence) =>
        string.Concat(evidence.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? $"-{char.ToLower(c, CultureInfo.InvariantCulture)}" : $"{char.ToLower(c, CultureInfo.InvariantCulture)}"));
}
