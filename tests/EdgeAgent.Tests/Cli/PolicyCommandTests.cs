using System.Text.Json;
using EdgeAgent.Cli;
using EdgeAgent.Tests.Configuration;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Cli;

public sealed class PolicyCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    [Fact]
    public async Task Validate_FaultyFile_NamesEveryFaultAndExits78()
    {
        string file = Write("bad.yaml", "guardsObserveFor: soon\nrules:\n  dailyCap:\n    block: -3\n  nonsense: 1\n");

        (await RunAsync("policy", "validate", file)).ShouldBe(ExitCode.Config);

        string[] lines = _error.ToString().TrimEnd().Split('\n');
        lines.Length.ShouldBe(4);
        lines[0].ShouldContain("guardsObserveFor (line 1): \"soon\" is no duration");
        lines[1].ShouldContain("rules.dailyCap.block (line 4): \"-3\" is no whole number from 1 to 1000000");
        lines[2].ShouldContain("rules.nonsense (line 5): is no known key");
        lines[3].ShouldEndWith("3 faults");
        _output.ToString().ShouldBeEmpty();
    }

    [Fact]
    public async Task Show_ClientOrderedAPolicy_ShowsThatOne()
    {
        Write("policy.yaml", "rules: { dailyCap: { block: 130 } }\n");
        string config = Write("agent.yaml", $"store: {{ directory: \"{_directory.Path}\" }}\n");
        string ordered = Write("ordered-policy.json", """{"rules":{"dailyCap":{"block":120}}}""");

        (await RunAsync("policy", "show", "--config", config)).ShouldBe(ExitCode.Ok);

        _output.ToString().ShouldContain(ordered);
        _output.ToString().ShouldContain("block: 120\n");
    }

    [Fact]
    public async Task Validate_GoodFileWithADoubt_WarnsAndExits0()
    {
        string file = Write("good.yaml", "# one client\nclients: [ { id: acme }, { id: other } ]\nnumbers: [ { number: +33162000001, client: other } ]\n");

        (await RunAsync("policy", "validate", file)).ShouldBe(ExitCode.Ok);

        _error.ToString().ShouldStartWith($"{file}: warning: clients[0].id (line 2): \"acme\" has no number");
        _output.ToString().ShouldContain("good, 1 warning");
    }

    [Fact]
    public async Task Validate_ConfigurationWhosePolicyHasADoubt_SaysSoToo()
    {
        Write("policy.yaml", "\nclients: [ { id: acme }, { id: other } ]\nnumbers: [ { number: +33162000001, client: other } ]\n");
        string config = Write("agent.yaml", $"sources: {{ live: [ {{ interface: any }} ] }}\nstore: {{ directory: \"{_directory.Path}\" }}\n");

        (await RunAsync("validate", "--config", config)).ShouldBe(ExitCode.Ok);

        _error.ToString().ShouldContain("warning: clients[0].id (policy, line 2): \"acme\" has no number");
    }

    [Fact]
    public async Task Validate_MissingFile_Exits78() =>
        (await RunAsync("policy", "validate", Path.Combine(_directory.Path, "none.yaml"))).ShouldBe(ExitCode.Config);

    [Fact]
    public async Task Show_AFile_GivesAFileThatIsGoodAndTheSame()
    {
        string file = Write("policy.yaml", "rules: { dailyCap: { block: 120 } }\n");
        (await RunAsync("policy", "show", file)).ShouldBe(ExitCode.Ok);
        string shown = Write("shown.yaml", _output.ToString());

        (await RunAsync("policy", "diff", file, shown)).ShouldBe(ExitCode.Ok);
        (await RunAsync("policy", "validate", shown)).ShouldBe(ExitCode.Ok);
        _error.ToString().ShouldBeEmpty();
    }

    [Fact]
    public async Task Show_AsJson_SaysWhatIsDefault()
    {
        (await RunAsync("policy", "show", Write("policy.yaml", "rules: { dailyCap: { block: 120 } }\n"), "--json")).ShouldBe(ExitCode.Ok);

        using JsonDocument json = JsonDocument.Parse(_output.ToString());
        json.RootElement.GetProperty("policy").GetProperty("rules").GetProperty("dailyCap").GetProperty("block").GetInt32().ShouldBe(120);
        json.RootElement.GetProperty("defaults").EnumerateArray().Select(path => path.GetString()).ShouldContain("rules.dailyCap.alert");
        json.RootElement.GetProperty("hash").GetString()!.Length.ShouldBe(64);
    }

    [Fact]
    public async Task Diff_TwoPolicies_SaysWhatDiffersAndExits1()
    {
        string old = Write("old.yaml", "rules: { dailyCap: { block: 120 } }\n");
        string @new = Write("new.yaml", "rules: { dailyCap: { block: 130 }, hours: { mode: observe } }\n");

        (await RunAsync("policy", "diff", old, @new)).ShouldBe(ExitCode.Differs);

        _output.ToString().ShouldBe("rules.hours.mode: enforce (default) → observe\nrules.dailyCap.block: 120 → 130\n");
    }

    [Fact]
    public async Task Diff_AsJson_HoldsOldAndNew()
    {
        string old = Write("old.yaml", "clients: [ { id: acme } ]\n");

        (await RunAsync("policy", "diff", old, Write("new.yaml", "{}"), "--json")).ShouldBe(ExitCode.Differs);

        using JsonDocument json = JsonDocument.Parse(_output.ToString());
        JsonElement difference = json.RootElement.GetProperty("differences").EnumerateArray().ShouldHaveSingleItem();
        difference.GetProperty("path").GetString().ShouldBe("clients[acme]");
        difference.GetProperty("old").GetString().ShouldBe("id acme");
        difference.GetProperty("new").ValueKind.ShouldBe(JsonValueKind.Null);
        json.RootElement.GetProperty("old").GetProperty("file").GetString().ShouldBe(old);
    }

    [Fact]
    public async Task Diff_OneOfThemFaulty_Exits78() =>
        (await RunAsync("policy", "diff", Write("good.yaml", "{}"), Write("bad.yaml", "x: 1"))).ShouldBe(ExitCode.Config);

    private string Write(string name, string yaml)
    {
        string file = Path.Combine(_directory.Path, name);
        File.WriteAllText(file, yaml);
        return file;
    }

    private Task<int> RunAsync(params string[] args) => CommandLine.RunAsync(args, _output, _error);

    public void Dispose()
    {
        _directory.Dispose();
        _output.Dispose();
        _error.Dispose();
    }
}
