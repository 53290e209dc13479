using System.Text.Json;
using EdgeAgent.Tests.Configuration;
using EdgeAgent.Tests.Telemetry;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Cli;

/// <summary><c>check</c> against the daemon as a process, which has a suspension to remember.</summary>
public sealed class CheckProcessTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly NotifyListener _listener;

    public CheckProcessTests()
    {
        _listener = new NotifyListener(_directory.File("notify"));
        File.WriteAllText(
            _directory.File("agent.yaml"),
            $$"""
            sources: {live: [{interface: lo}]}
            store: {directory: "{{_directory.File("store")}}"}
            controlSocket: "{{Socket}}"
            """);
        File.WriteAllText(
            _directory.File("policy.yaml"), "guardsObserveFor: 0 s\nclients: [ { id: acme } ]\nnumbers: [ { number: +33162000001, client: acme, from: 2025-01-01 } ]\n");
    }

    private string Socket => _directory.File("agent.sock");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Check_RunningAgent_AnswersWithWhatItRemembers()
    {
        using AgentProcess agent = AgentProcess.Start(
            ["run", "--config", _directory.File("agent.yaml")], new Dictionary<string, string> { ["NOTIFY_SOCKET"] = _listener.Path });
        await _listener.WaitForAsync("READY=1", Token);

        JsonElement before = await CheckAsync(ExitCode.Ok);
        before.GetProperty("usesState").GetBoolean().ShouldBeTrue();
        before.GetProperty("hits").GetArrayLength().ShouldBe(0);

        using AgentProcess suspend = AgentProcess.Start(["suspend", "+33162000001", "--for", "28d", "--reason", "complaints", "--socket", Socket]);
        (await suspend.ExitAsync(Token)).ShouldBe(ExitCode.Ok, suspend.Error);
        JsonElement after = await CheckAsync(ExitCode.Blocked);

        after.GetProperty("rule").GetString().ShouldBe("suspension");
        after.GetProperty("hits").EnumerateArray().ShouldHaveSingleItem().GetProperty("reason").GetString().ShouldBe("suspended");
        agent.Error.ShouldNotContain("981234");
        agent.Output.ShouldNotContain("981234");
    }

    [Fact]
    public async Task Check_NumberThatIsNone_IsRefusedWithoutRepeatingIt()
    {
        using AgentProcess agent = AgentProcess.Start(
            ["run", "--config", _directory.File("agent.yaml")], new Dictionary<string, string> { ["NOTIFY_SOCKET"] = _listener.Path });
        await _listener.WaitForAsync("READY=1", Token);

        using AgentProcess check = AgentProcess.Start(["check", "--from", "+33162000001", "--to", "12-not-a-number", "--socket", Socket]);
        (await check.ExitAsync(Token)).ShouldBe(ExitCode.Unavailable);

        check.Error.ShouldContain("no number of any plan");
        check.Error.ShouldNotContain("12-not-a-number");
    }

    /// <summary>Asks about a moment within legal hours, whatever the time of the test.</summary>
    private async Task<JsonElement> CheckAsync(int code)
    {
        using AgentProcess check = AgentProcess.Start(
            ["check", "--json", "--from", "+33162000001", "--to", "0639981234", "--at", NextCallingTime(), "--socket", Socket]);
        (await check.ExitAsync(Token)).ShouldBe(code, check.Error + check.Output);
        check.Output.ShouldNotContain("981234");
        return JsonDocument.Parse(check.Output).RootElement;
    }

    /// <summary>Eleven o'clock in Paris, winter or summer, on the next day that is neither weekend nor holiday.</summary>
    private static string NextCallingTime()
    {
        DateTimeOffset day = TimeProvider.System.GetUtcNow().Date.AddDays(1);
        while (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday || Core.Guard.FrenchHolidays.Contains(NodaTime.LocalDate.FromDateTime(day.DateTime)))
        {
            day = day.AddDays(1);
        }

        return day.ToString("yyyy-MM-dd'T'10:00:00'Z'", System.Globalization.CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _directory.Dispose();
    }
}
