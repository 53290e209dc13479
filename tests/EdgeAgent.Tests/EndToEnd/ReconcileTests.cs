using System.Text.Json;
using EdgeAgent.Cli;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.EndToEnd;

/// <summary>A real Asterisk's CDRs against the journal made of what it sent to its carrier.</summary>
public sealed class ReconcileTests : IDisposable
{
    private readonly Configuration.TemporaryDirectory _directory = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    [Theory]
    [InlineData("main-mixed", 44)]
    [InlineData("lossy", 0)]
    public async Task Reconcile_MasterCsvAndItsTrunk_MatchesEveryCallButThoseOverTls(string scenario, int overTls)
    {
        string captures = Path.Combine(TestFiles.Captures, $"asterisk-{scenario}");
        string store = _directory.File("store");
        (await RunAsync("replay", "--trunk", "10.20.0.0/24", "--publish", "embedded", "--store", store, Path.Combine(captures, "wan0.pcap")))
            .ShouldBe(ExitCode.Ok, _error.ToString());
        _output.GetStringBuilder().Clear();

        await RunAsync(
            "reconcile", "--format", "asterisk", "--trunk-pattern", "PJSIP/trunk*", "--time-zone", "UTC", "--json",
            "--name-unknown", "--store", store, "--socket", _directory.File("none.sock"), Path.Combine(captures, "Master.csv"));

        using JsonDocument json = JsonDocument.Parse(_output.ToString());
        JsonElement root = json.RootElement;
        root.GetProperty("unreadable").GetInt64().ShouldBe(0);
        root.GetProperty("extra").GetInt64().ShouldBe(0);
        root.GetProperty("isRecorded").GetBoolean().ShouldBeFalse();
        root.GetProperty("missing").GetInt64().ShouldBe(overTls);
        root.GetProperty("matched").GetInt64().ShouldBe(root.GetProperty("calls").GetInt64() - overTls);
        root.GetProperty("days").EnumerateArray()
            .Where(day => day.GetProperty("number").GetString() != AsteriskLeg.TlsNumber)
            .ShouldAllBe(day => day.GetProperty("missing").GetInt64() == 0);
    }

    [Fact]
    public async Task Reconcile_WrongTimeZone_SaysByHowManyHours()
    {
        string captures = Path.Combine(TestFiles.Captures, "asterisk-lossy");
        string store = _directory.File("store");
        (await RunAsync("replay", "--trunk", "10.20.0.0/24", "--publish", "embedded", "--store", store, Path.Combine(captures, "wan0.pcap")))
            .ShouldBe(ExitCode.Ok, _error.ToString());
        _error.GetStringBuilder().Clear();

        (await RunAsync(
            "reconcile", "--format", "asterisk", "--trunk-pattern", "PJSIP/trunk*", "--time-zone", "Europe/Paris", "--store", store,
            "--socket", _directory.File("none.sock"), Path.Combine(captures, "Master.csv"))).ShouldBe(ExitCode.NotReconciled);

        _error.ToString().ShouldContain("130 calls would match if the file's times were +1 h");
    }

    [Fact]
    public async Task Reconcile_AsteriskWithoutPattern_NamesTheChannelsThereAre()
    {
        string file = Path.Combine(TestFiles.Captures, "asterisk-main-mixed", "Master.csv");

        (await RunAsync("reconcile", "--format", "asterisk", file)).ShouldBe(ExitCode.Usage);

        _error.ToString().ShouldContain("--trunk-pattern");
        _error.ToString().ShouldContain("PJSIP/trunk-udp (");
    }

    private Task<int> RunAsync(params string[] args) => CommandLine.RunAsync(args, _output, _error);

    public void Dispose()
    {
        _directory.Dispose();
        _output.Dispose();
        _error.Dispose();
    }
}
