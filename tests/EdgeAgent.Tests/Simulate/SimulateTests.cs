using System.Text.Json;
using EdgeAgent.Benchmarks.Month;
using EdgeAgent.Cli;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Simulate;

/// <summary>A policy on a generated month in which every offence is known.</summary>
public sealed class SimulateTests(GeneratedMonth month) : IClassFixture<GeneratedMonth>, IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    [Fact]
    public async Task Simulate_AMonth_NamesEveryPlantedOffenceAndNoOther()
    {
        using JsonDocument json = await SimulateAsync();
        JsonElement root = json.RootElement;

        root.GetProperty("attempts").GetInt32().ShouldBe(month.Calls);
        Dictionary<(string Number, string Rule), long> found = root.GetProperty("rows").EnumerateArray()
            .GroupBy(row => (row.GetProperty("number").GetString()!, row.GetProperty("rule").GetString()!))
            .ToDictionary(group => group.Key, group => group.Sum(row => row.GetProperty("blocked").GetInt64()));
        found.Keys.ShouldBe(month.Traffic.Offences.Findings.Select(finding => (finding.Number, finding.Rule)), ignoreOrder: true);
        foreach (PlantedFinding finding in month.Traffic.Offences.Findings)
        {
            long blocked = found[(finding.Number, finding.Rule)];
            if (finding.Blocked is { } expected)
            {
                blocked.ShouldBe(expected, finding.ToString());
            }
            else
            {
                blocked.ShouldBeGreaterThan(0, finding.ToString());
            }
        }
    }

    [Theory]
    [InlineData("rules: { hours: { mode: off } }", "hours")]
    [InlineData("rules: { personAttempts: { mode: off } }", "personAttempts")]
    [InlineData("rules: { pooling: { mode: off } }", "pooling")]
    public async Task Simulate_WithARuleOff_NoLongerNamesItsOffences(string rules, string rule)
    {
        string policy = month.File("without.yaml");
        await File.WriteAllTextAsync(policy, MonthFiles.Policy(month.Traffic) + rules + "\n", TestContext.Current.CancellationToken);

        using JsonDocument json = await SimulateAsync("--policy", policy);

        json.RootElement.GetProperty("rules").EnumerateArray().Select(each => each.GetProperty("rule").GetString()).ShouldNotContain(rule);
    }

    [Fact]
    public async Task Simulate_WhileRulesObserve_BlocksNothing()
    {
        using JsonDocument json = await SimulateAsync("--observe-for", "60 d");

        json.RootElement.GetProperty("blocked").GetInt64().ShouldBe(0);
        json.RootElement.GetProperty("alerted").GetInt64().ShouldBe(0);
        json.RootElement.GetProperty("rules").EnumerateArray().Single(each => each.GetProperty("rule").GetString() == "hours")
            .GetProperty("observed").GetInt64().ShouldBe(6);
    }

    [Fact]
    public async Task Simulate_TwoFormats_SayTheSame()
    {
        (await RunAsync("simulate", "--config", month.File("agent.yaml"), "--csv", month.File("month.pcap"))).ShouldBe(ExitCode.Ok, _error.ToString());
        string[] csv = _output.ToString().TrimEnd().Split("\r\n");
        _output.GetStringBuilder().Clear();
        using JsonDocument json = await SimulateAsync();

        csv[0].ShouldBe("rule,number,hour,blocked,also,alerts,observed,reasons");
        csv.Length.ShouldBe(json.RootElement.GetProperty("rows").GetArrayLength() + 1);
        csv.Skip(1).Sum(line => long.Parse(line.Split(',')[3], System.Globalization.CultureInfo.InvariantCulture))
            .ShouldBe(json.RootElement.GetProperty("blocked").GetInt64());
    }

    [Fact]
    public async Task Simulate_Table_HoldsNoPersonsNumber()
    {
        (await RunAsync("simulate", "--config", month.File("agent.yaml"), month.File("month.pcap"))).ShouldBe(ExitCode.Ok, _error.ToString());

        string table = _output.ToString();
        table.ShouldContain("lunchBreak");
        table.ShouldContain("watch to suspended");
        table.ShouldNotContain("+3361");
        table.ShouldNotContain("+3378");
        table.ShouldNotContain("+262");
    }

    [Fact]
    public async Task Simulate_FaultyPolicy_Exits78()
    {
        string policy = month.File("faulty.yaml");
        await File.WriteAllTextAsync(policy, "rules: { hours: { mode: perhaps } }\n", TestContext.Current.CancellationToken);

        (await RunAsync("simulate", "--policy", policy, month.File("month.pcap"))).ShouldBe(ExitCode.Config);

        _error.ToString().ShouldContain("rules.hours.mode");
    }

    private async Task<JsonDocument> SimulateAsync(params string[] more)
    {
        (await RunAsync(["simulate", "--config", month.File("agent.yaml"), "--json", .. more, month.File("month.pcap")])).ShouldBe(ExitCode.Ok, _error.ToString());
        return JsonDocument.Parse(_output.ToString());
    }

    private Task<int> RunAsync(params string[] args) => CommandLine.RunAsync(args, _output, _error);

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }
}

/// <summary>A small month with every offence, on disk for the tests of a class.</summary>
public sealed class GeneratedMonth : IDisposable
{
    private readonly Configuration.TemporaryDirectory _directory = new();

    public GeneratedMonth()
    {
        Traffic = new MonthTraffic(MonthTraffic.LeastCalls);
        System.IO.File.WriteAllText(File("policy.yaml"), MonthFiles.Policy(Traffic));
        System.IO.File.WriteAllText(File("agent.yaml"), MonthFiles.Configuration(File("policy.yaml")));
        using FileStream capture = System.IO.File.Create(File("month.pcap"));
        using BufferedStream buffered = new(capture, 1_048_576);
        Calls = MonthFiles.WriteCapture(Traffic, buffered);
    }

    /// <summary>The plan.</summary>
    internal MonthTraffic Traffic { get; }

    /// <summary>Calls in the capture.</summary>
    internal int Calls { get; }

    internal string File(string name) => _directory.File(name);

    /// <inheritdoc/>
    public void Dispose() => _directory.Dispose();
}
