using System.Text.Json;
using EdgeAgent.Cli;
using EdgeAgent.Tests.Configuration;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Cli;

/// <summary><c>check</c> where no agent is running.</summary>
public sealed class CheckCommandTests : IDisposable
{
    private const string Policy =
        """
        clients: [ { id: acme }, { id: beta } ]
        campaigns: [ { id: acme-calls, client: acme }, { id: acme-firms, client: acme, audience: business } ]
        numbers: [ { number: +33162000001, client: acme, from: 2025-01-01 } ]
        trunks: [ { trunk: carrier-a, client: acme }, { trunk: carrier-b, client: beta } ]
        """;

    private readonly TemporaryDirectory _directory = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    [Theory]
    [InlineData("+33162000001", "0639981234", "2026-11-24T09:00:00Z", ExitCode.Ok, null)]
    [InlineData("0162000001", "0639981234", "2026-11-24T08:59:59Z", ExitCode.Blocked, "hours")] // 9:59:59 in Paris
    [InlineData("+33162000001", "0639981234", "2026-11-24T19:00:00Z", ExitCode.Blocked, "hours")]
    [InlineData("+33162000001", "0692123456", "2026-11-24T09:30:00Z", ExitCode.Blocked, "hours")] // 13:30 in La Réunion
    [InlineData("+33162000001", "112", "2026-11-22T03:00:00Z", ExitCode.Ok, null)]
    [InlineData("anonymous", "0639981234", "2026-11-24T09:00:00Z", ExitCode.Blocked, "callerId")]
    [InlineData("+33162000009", "0639981234", "2026-11-24T09:00:00Z", ExitCode.Blocked, "unassigned")]
    public async Task Check_ByPolicyAlone_SaysVerdictAndRule(string from, string to, string at, int code, string? rule)
    {
        using JsonDocument json = await CheckAsync(code, "--from", from, "--to", to, "--at", at);
        JsonElement root = json.RootElement;

        root.GetProperty("rule").GetString().ShouldBe(rule);
        root.GetProperty("isAllowed").GetBoolean().ShouldBe(code == ExitCode.Ok);
        root.GetProperty("usesState").GetBoolean().ShouldBeFalse();
        _output.ToString().ShouldNotContain(to is "112" ? "\"112\"" : to[^6..]);
    }

    [Fact]
    public async Task Check_OutOfHours_SaysWhenItIsAllowedAndByWhichLaw()
    {
        using JsonDocument json = await CheckAsync(ExitCode.Blocked, "--from", "+33162000001", "--to", "0639981234", "--at", "2026-11-24T12:20:00Z");

        json.RootElement.GetProperty("allowedAt").GetString().ShouldBe("2026-11-24T13:00:00.000000Z");
        JsonElement hit = json.RootElement.GetProperty("hits").EnumerateArray().ShouldHaveSingleItem();
        hit.GetProperty("reason").GetString().ShouldBe("lunchBreak");
        hit.GetProperty("reference").GetString()!.ShouldContain("D223-9");
    }

    [Fact]
    public async Task Check_SeveralRulesBlock_NamesAllAndTheFirstDecides()
    {
        using JsonDocument json = await CheckAsync(
            ExitCode.Blocked, "--from", "+33162000001", "--to", "0639981234", "--at", "2026-11-24T12:20:00Z", "--trunk", "carrier-b");

        json.RootElement.GetProperty("rule").GetString().ShouldBe("pooling");
        json.RootElement.GetProperty("hits").EnumerateArray().Select(hit => hit.GetProperty("rule").GetString()).ShouldBe(["pooling", "hours"]);
        json.RootElement.GetProperty("allowedAt").ValueKind.ShouldBe(JsonValueKind.Null); // time does not cure pooling
    }

    [Fact]
    public async Task Check_CampaignForBusinesses_HasNoLegalHours()
    {
        using JsonDocument json = await CheckAsync(
            ExitCode.Ok, "--from", "+33162000001", "--to", "0639981234", "--at", "2026-11-24T12:20:00Z", "--campaign", "acme-firms");

        json.RootElement.GetProperty("hits").EnumerateArray().Single().GetProperty("action").GetString().ShouldBe("observe");
    }

    [Theory]
    [InlineData("--campaign", "nobodys")]
    [InlineData("--trunk", "nobodys")]
    [InlineData("--to", "hello")]
    public async Task Check_WhatCannotBeUnderstood_Exits2(string option, string value)
    {
        string[] to = option == "--to" ? [] : ["--to", "0639981234"];

        (await RunAsync(["check", "--policy", PolicyPath(), "--from", "+33162000001", option, value, .. to])).ShouldBe(ExitCode.Usage);

        _error.ToString().ShouldNotContain(value);
    }

    [Fact]
    public async Task Check_ForPeople_SaysThatNoStateWasUsed()
    {
        (await RunAsync("check", "--policy", PolicyPath(), "--from", "+33162000001", "--to", "0639981234", "--at", "2026-11-24T12:20:00Z"))
            .ShouldBe(ExitCode.Blocked);

        string text = _output.ToString();
        text.ShouldContain("+33162000001 at 2026-11-24 13:20:00 Europe/Paris: blocked (hours)");
        text.ShouldContain("allowed again 2026-11-24 14:00:00");
        text.ShouldContain("Judged by the policy alone");
        text.ShouldNotContain("981234");
    }

    [Fact]
    public async Task Check_NoAgentRunning_FallsBackToTheConfiguredPolicy()
    {
        PolicyPath();
        await File.WriteAllTextAsync(_directory.File("agent.yaml"), "agentId: a\n", TestContext.Current.CancellationToken);

        (await RunAsync(
            "check", "--socket", _directory.File("none.sock"), "--config", _directory.File("agent.yaml"), "--json", "--from", "+33162000009", "--to", "0639981234",
            "--at", "2026-11-24T09:00:00Z")).ShouldBe(ExitCode.Blocked, _error.ToString());

        JsonDocument.Parse(_output.ToString()).RootElement.GetProperty("rule").GetString().ShouldBe("unassigned");
    }

    private async Task<JsonDocument> CheckAsync(int code, params string[] args)
    {
        (await RunAsync(["check", "--policy", PolicyPath(), "--json", .. args])).ShouldBe(code, _error.ToString());
        return JsonDocument.Parse(_output.ToString());
    }

    private string PolicyPath()
    {
        File.WriteAllText(_directory.File("policy.yaml"), Policy);
        return _directory.File("policy.yaml");
    }

    private Task<int> RunAsync(params string[] args) => CommandLine.RunAsync(args, _output, _error);

    public void Dispose()
    {
        _directory.Dispose();
        _output.Dispose();
        _error.Dispose();
    }
}
