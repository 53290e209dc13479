using System.Text.Json;
using EdgeAgent.Cli;
using EdgeAgent.Tests.Configuration;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Cli;

public sealed class CommandLineTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    [Theory]
    [InlineData("run")]
    [InlineData("replay")]
    [InlineData("explain")]
    [InlineData("anonymise")]
    [InlineData("status")]
    [InlineData("numbers")]
    [InlineData("collect")]
    [InlineData("order")]
    [InlineData("keys")]
    [InlineData("policy")]
    [InlineData("check")]
    [InlineData("simulate")]
    [InlineData("reconcile")]
    [InlineData("validate")]
    [InlineData("version")]
    public async Task Help_OfEveryCommand_EndsWithAnExampleOfIt(string command)
    {
        (await RunAsync(command, "--help")).ShouldBe(ExitCode.Ok);

        string[] lines = _output.ToString().TrimEnd().Split('\n');
        lines[^1].ShouldStartWith($"  edge-agent {command}");
    }

    [Fact]
    public async Task Help_OfTheRoot_ListsEveryCommand()
    {
        (await RunAsync("--help")).ShouldBe(ExitCode.Ok);

        foreach (string name in CommandLine.Create().Subcommands.Select(c => c.Name))
        {
            _output.ToString().ShouldContain($"  {name} ");
        }
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("status", "--jsn")]
    [InlineData("numbers", "--jsn")]
    [InlineData("numbers", "--day", "yesterday")]
    [InlineData("validate", "--config")]
    [InlineData("policy", "diff")]
    [InlineData("check", "--from", "+33162000001")]
    [InlineData("simulate", "--json", "--csv", "x.pcap")]
    [InlineData("simulate", "--observe-for", "soon", "x.pcap")]
    [InlineData("reconcile", "cdr.csv")]
    [InlineData("reconcile", "--format", "asterisk", "--time-zone", "Nowhere", "cdr.csv")]
    [InlineData("reconcile", "--start-column", "1", "--number-column", "2", "--trunk-pattern", "x*", "cdr.csv")]
    [InlineData("reconcile", "--format", "asterisk", "--max-difference", "150 %", "cdr.csv")]
    public async Task Run_WrongUse_Exits2AndSaysSoOnStandardErrorOnly(params string[] args)
    {
        (await RunAsync(args)).ShouldBe(ExitCode.Usage);

        _error.ToString().ShouldNotBeEmpty();
        _output.ToString().Trim().ShouldBeEmpty();
    }

    [Fact]
    public async Task Version_AsJson_IsReadable()
    {
        (await RunAsync("version", "--json")).ShouldBe(ExitCode.Ok);

        using JsonDocument version = JsonDocument.Parse(_output.ToString());
        version.RootElement.GetProperty("version").GetString().ShouldBe(AgentVersion.Current);
    }

    [Fact]
    public async Task Version_AsOption_AnswersLikeTheCommand()
    {
        (await RunAsync("version")).ShouldBe(ExitCode.Ok);
        string command = _output.ToString();
        _output.GetStringBuilder().Clear();

        (await RunAsync("--version")).ShouldBe(ExitCode.Ok);

        _output.ToString().ShouldBe(command);
    }

    [Fact]
    public async Task Validate_GoodConfiguration_Exits0()
    {
        using TemporaryDirectory directory = new();
        string path = directory.File("agent.yaml");
        await File.WriteAllTextAsync(path, "sources: {live: [{interface: any}]}", TestContext.Current.CancellationToken);

        (await RunAsync("validate", "--config", path)).ShouldBe(ExitCode.Ok, _error.ToString());

        _output.ToString().ShouldContain("good, 0 warnings");
        _output.ToString().ShouldContain("libpcap");
    }

    [Fact]
    public async Task Validate_FaultyConfiguration_Exits78WithEveryFault()
    {
        using TemporaryDirectory directory = new();
        string path = directory.File("agent.yaml");
        await File.WriteAllTextAsync(path, "agentId: A\nlimits: {maxCalls: x}", TestContext.Current.CancellationToken);

        (await RunAsync("validate", "--config", path)).ShouldBe(ExitCode.Config);

        string error = _error.ToString();
        error.ShouldContain($"{path}: agentId (line 1)");
        error.ShouldContain("limits.maxCalls (line 2)");
        error.ShouldContain("sources.live");
        error.ShouldContain("3 faults");
    }

    [Fact]
    public async Task Validate_InterfaceThatIsNotThere_WarnsAndNamesThoseThatAre()
    {
        using TemporaryDirectory directory = new();
        string path = directory.File("agent.yaml");
        await File.WriteAllTextAsync(path, "sources: {live: [{interface: nowhere9}]}", TestContext.Current.CancellationToken);

        (await RunAsync("validate", "--config", path)).ShouldBe(ExitCode.Ok);

        _error.ToString().ShouldContain("\"nowhere9\" does not exist now; there are");
        _error.ToString().ShouldContain("lo");
    }

    [Fact]
    public async Task Run_FaultyConfiguration_Exits78()
    {
        using TemporaryDirectory directory = new();

        (await RunAsync("run", "--config", directory.File("none.yaml"))).ShouldBe(ExitCode.Config);

        _error.ToString().ShouldContain("does not exist");
    }

    [Theory]
    [InlineData("status")]
    [InlineData("numbers")]
    public async Task Ask_NobodyRuns_Exits3InOneLine(string command)
    {
        using TemporaryDirectory directory = new();

        (await RunAsync(command, "--socket", directory.File("agent.sock"))).ShouldBe(ExitCode.NotRunning);

        _error.ToString().Trim().Split('\n').ShouldHaveSingleItem().ShouldStartWith("edge-agent: no edge-agent is running");
    }

    [Fact]
    public async Task Ask_Verbose_ShowsTheTrace()
    {
        using TemporaryDirectory directory = new();

        await RunAsync("status", "--verbose", "--socket", directory.File("agent.sock"));

        _error.ToString().ShouldContain("   at ");
    }

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    private Task<int> RunAsync(params string[] args) => CommandLine.RunAsync(args, _output, _error);
}
