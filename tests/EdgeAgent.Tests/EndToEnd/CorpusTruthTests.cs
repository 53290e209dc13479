using System.Globalization;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.EndToEnd;

/// <summary>
/// Replay of captures made by others, without naming trunks, against their truth files: call by Call-ID. The repository's own
/// captures are compared in the other end-to-end tests, so that a machine without the corpus still compares real traffic.
/// </summary>
public sealed class CorpusTruthTests
{
    /// <summary>Captures whose link layer or transport the agent does not read yet, each with what it would take.</summary>
    private static readonly Dictionary<string, string> Excluded = new(StringComparer.Ordinal)
    {
        ["sipnab-c07-sip-r2.cap"] = "Microsoft Network Monitor 2 file",
    };

    /// <summary>Captures that hold no SIP to compare.</summary>
    private static readonly Dictionary<string, string> WithoutTruth = new(StringComparer.Ordinal)
    {
        ["nextcaller-sip-frag.pcap"] = "the second fragment of a datagram, alone",
    };

    /// <summary>
    /// Captures whose truth file is read otherwise than it is written: wherever the agent and it disagree, and why. All others agree call by
    /// call.
    /// </summary>
    private static readonly Dictionary<string, string> Disagreements = new(StringComparer.Ordinal)
    {
        [ImpossibleTimes] = "made-up times, six years from INVITE to 200 and 53 more to the BYE: after 32 s without response the attempt was over",
        [HandedOver] = "the truth file was made without reading HEP: the one call in it was challenged and given up",
        [OtherClock] = "HEP whose times are seven years from those of the packets around it: they give durations only, counted from the packets",
        [TruncatedFile] = "ends inside its last record: everything before it counts, and the exit code says so",
    };

    /// <summary>Captures made from others of the corpus that show nothing readable, by the beginning of their names.</summary>
    private static readonly Dictionary<string, string> ExcludedDerived = new(StringComparer.Ordinal)
    {
        ["tls12-"] = "TLS: nothing to read without the keys",
    };

    private const string ImpossibleTimes = "hepagent-sip_ipv6.pcap";

    private const string HandedOver = "hepws-hep.pcap";

    private const string OtherClock = "hep-sngrep-b2bua.pcap";

    private const string TruncatedFile = "truncated-file.pcap";

    [Fact]
    public async Task Replay_EveryCoveredCaptureOfTheCorpus_EqualsTruthCallByCall()
    {
        List<string> faults = [];
        int compared = 0;
        if (TestFiles.Corpus is string corpus)
        {
            Dictionary<string, int> hopsOf = new(StringComparer.Ordinal);
            foreach (IReadOnlyDictionary<string, string> row in Csv.Read(Path.Combine(corpus, "index.csv")))
            {
                string name = Path.GetFileName(row["file"]);
                hopsOf[name] = Hops(row);
                if (Excluded.ContainsKey(name) || row["truth"].Length == 0)
                {
                    continue;
                }

                List<CorpusCall> truth = CorpusCall.Read(Path.Combine(corpus, row["truth"]));
                if (name == ImpossibleTimes)
                {
                    truth = [.. truth.Select(call => call with { AnsweredAt = null, DurationSeconds = null, Status = null })];
                }

                if (name == HandedOver)
                {
                    truth = [new CorpusCall("qgf3dm9rudi@127.0.0.1", null, null, 407)];
                }

                faults.AddRange(await CompareAsync(Path.Combine(corpus, row["file"]), truth, Hops(row)));
                compared += truth.Count;
            }

            compared.ShouldBeGreaterThan(800, "calls compared");
            compared = 0;
            foreach ((string capture, string baseName, string truth) in Derived(corpus).Where(derived => !IsExcluded(derived.Capture)))
            {
                faults.AddRange(await CompareAsync(capture, CorpusCall.Read(truth), hopsOf[baseName]));
                compared++;
            }

            compared.ShouldBeGreaterThanOrEqualTo(21, "derived captures compared");
        }

        // One capture of ours in the same manner, trunks unnamed: every dialog of the trunk interface counts once.
        string own = Path.Combine(TestFiles.Captures, "asterisk-main-mixed");
        List<CorpusCall> legs = [.. AsteriskLeg.Read(Path.Combine(own, "legs.csv")).Select(CorpusCall.From)];
        faults.AddRange(await CompareAsync(Path.Combine(own, "wan0.pcap"), legs, hops: 1));

        faults.ShouldBeEmpty();
    }

    /// <summary>No capture is left out unnoticed: each is compared, or stands in a list above with its reason.</summary>
    [Fact]
    public void Corpus_EveryCapture_IsComparedOrListedWithAReason()
    {
        Disagreements.Values.Concat(Excluded.Values).Concat(ExcludedDerived.Values).Concat(WithoutTruth.Values).ShouldAllBe(reason => reason.Length > 10);
        if (TestFiles.Corpus is not string corpus)
        {
            return;
        }

        IReadOnlyList<IReadOnlyDictionary<string, string>> index = Csv.Read(Path.Combine(corpus, "index.csv"));
        HashSet<string> withTruth = [.. index.Where(row => row["truth"].Length > 0).Select(row => Path.GetFileName(row["file"]))];
        HashSet<string> derived = [.. Derived(corpus).Select(each => Path.GetFileName(each.Capture))];
        List<string> files = [.. Directory.EnumerateFiles(Path.Combine(corpus, "pcap")), .. Directory.EnumerateFiles(Path.Combine(corpus, "derived"), "*.*cap*"),
            .. Directory.EnumerateFiles(Path.Combine(corpus, "derived"), "*stream")];
        files.Select(file => Path.GetFileName(file)).Where(file => !withTruth.Contains(file) && !derived.Contains(file) && !WithoutTruth.ContainsKey(file))
            .ShouldBeEmpty();
        Disagreements.Keys.Concat(Excluded.Keys).Concat(WithoutTruth.Keys).Except(files.Select(file => Path.GetFileName(file))).ShouldBeEmpty();
    }

    /// <summary>The files the agent cannot read yet must still not stop it, nor make calls out of nothing.</summary>
    [Fact]
    public async Task Replay_ExcludedCaptures_EndsOrderlyAndAddsNoCall()
    {
        Dictionary<string, int> limits = new(StringComparer.Ordinal) { [Path.Combine(TestFiles.Captures, "asterisk-crash-kill9", "wan0.pcap")] = 26 };
        if (TestFiles.Corpus is string corpus)
        {
            foreach (IReadOnlyDictionary<string, string> row in Csv.Read(Path.Combine(corpus, "index.csv")))
            {
                if (Excluded.ContainsKey(Path.GetFileName(row["file"])))
                {
                    limits[Path.Combine(corpus, row["file"])] = int.Parse(row["dialogs_with_invite"], CultureInfo.InvariantCulture);
                }
            }

            limits.Count.ShouldBe(Excluded.Count + 1);
            foreach ((string capture, _, _) in Derived(corpus).Where(derived => IsExcluded(derived.Capture)))
            {
                limits[capture] = 0;
            }
        }

        foreach ((string capture, int limit) in limits)
        {
            ProcessRun run = await AgentBinary.RunAsync(TestContext.Current.CancellationToken, "replay", capture, "--json", "--calls");

            run.ExitCode.ShouldBeOneOf([0, 65], $"{capture}: {run.Error}");
            if (run.ExitCode == 0)
            {
                ReplayOutput output = await ReplayOutput.RunAsync(TestContext.Current.CancellationToken, capture);
                output.Calls.Count.ShouldBeLessThanOrEqualTo(limit, capture);
            }
        }
    }

    /// <summary>The truth with its first answer at the moment the agent gives: what is left to compare is everything between them.</summary>
    private static List<CorpusCall> ByClockOf(ReplayOutput output, List<CorpusCall> truth)
    {
        ReplayCall first = output.Calls.First(call => call.CallId == truth[0].CallId);
        double? offset = (first.AnsweredAt - DateTimeOffset.UnixEpoch)?.TotalSeconds - truth[0].AnsweredAt;
        return [.. truth.Select(call => call with { AnsweredAt = call.AnsweredAt + offset })];
    }

    private static int Hops(IReadOnlyDictionary<string, string> row) =>
        Math.Max(1, int.Parse(row["hops"], CultureInfo.InvariantCulture));

    private static bool IsExcluded(string derived) =>
        ExcludedDerived.Keys.Any(prefix => Path.GetFileName(derived).StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>
    /// The same SIP on other ways: tunnels, fragments, TCP cut up, WebSocket. Each has the truth of the capture it was made
    /// from, or, where time or order changed, one of its own.
    /// </summary>
    private static IEnumerable<(string Capture, string BaseName, string Truth)> Derived(string corpus)
    {
        using JsonDocument index = JsonDocument.Parse(File.ReadAllText(Path.Combine(corpus, "derived", "index.json")));
        foreach (JsonElement row in index.RootElement.EnumerateArray())
        {
            string file = row.Text("file").ShouldNotBeNull();
            string baseName = row.Text("base").ShouldNotBeNull();
            string truth = row.Member("same_truth_as_base").GetBoolean() ? $"base-{baseName}" : Path.GetFileName(file);
            yield return (Path.Combine(corpus, file), baseName, Path.Combine(corpus, "derived", "truth", truth + ".csv"));
        }
    }

    private static async Task<IEnumerable<string>> CompareAsync(string capture, List<CorpusCall> truth, int hops)
    {
        string name = Path.GetFileName(capture);
        ReplayOutput output = await ReplayOutput.RunAnyAsync(TestContext.Current.CancellationToken, capture);
        output.ExitCode.ShouldBe(name == TruncatedFile ? 65 : 0, $"{name}: {output.Error}");
        if (name == OtherClock)
        {
            truth = ByClockOf(output, truth);
        }

        List<string> faults = [];
        List<string> expected = [.. truth.Select(call => call.CallId).Order(StringComparer.Ordinal)];
        List<string> actual = [.. output.Calls.Select(call => call.CallId).Order(StringComparer.Ordinal)];
        if (!expected.SequenceEqual(actual))
        {
            string missing = string.Join(' ', expected.Except(actual));
            string extra = string.Join(' ', actual.Except(expected));
            faults.Add($"{name}: {actual.Count} calls for {expected.Count}; missing [{missing}] extra [{extra}]");
        }

        ILookup<string, ReplayCall> calls = output.Calls.ToLookup(call => call.CallId, StringComparer.Ordinal);
        foreach (CorpusCall call in truth)
        {
            faults.AddRange(
                calls[call.CallId].SelectMany(other => call.Differences(other, hops)).Select(fault => $"{name}: {fault}"));
        }

        return faults;
    }
}
