using System.Globalization;
using System.Text.Json;
using EdgeAgent.Cli;
using EdgeAgent.Configuration;
using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Guard.Policy;
using EdgeAgent.Core.Guard.State;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Guards;
using EdgeAgent.Pipeline;
using EdgeAgent.Tests.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Telemetry;

/// <summary>Questions about a call to a host in this process whose rule book has something to remember.</summary>
public sealed class GuardQuestionTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Tuesday = new(2026, 11, 24, 9, 0, 0, TimeSpan.Zero);
    private static readonly E164Number Person = new(33_639_981_234);

    private readonly TemporaryStore _temporary = new();
    private readonly StringWriter _output = new(CultureInfo.InvariantCulture);
    private readonly StringWriter _error = new(CultureInfo.InvariantCulture);
    private readonly PersonPseudonymiser _pseudonymiser = new(new byte[PersonPseudonymiser.KeyBytes], "acme");
    private readonly CancellationTokenSource _stop = new();
    private GuardBook _book = null!;
    private Task _signalling = null!;
    private WebApplication _host = null!;

    public async ValueTask InitializeAsync()
    {
        PolicyResult policy = PolicyLoader.Read("guardsObserveFor: 0 s\nclients: [ { id: acme } ]\nnumbers: [ { number: +33162000001, client: acme, from: 2025-01-01 } ]");
        _book = new GuardBook(policy.Policy!, new GuardState(new GuardLimits(), policy.Policy!.Alerts), new Unheard());
        GuardQuestions questions = new(_pseudonymiser);
        _signalling = Task.Run(async () =>
        {
            while (await questions.WaitAsync().WaitAsync(_stop.Token))
            {
                questions.Answer(_book);
            }
        });
        AgentOptions options = new() { AgentId = "agent-1", ControlSocket = Socket, Policy = policy };
        ConfigurationState state = new("agent.yaml", new LoadResult(options, [], new string('0', 64)), DateTimeOffset.UnixEpoch);
        _host = AgentHost.Build(state, (services, _) => services.AddSingleton(questions));
        await _host.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await _host.DisposeAsync();
        await _stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(_signalling);
        _stop.Dispose();
        _pseudonymiser.Dispose();
        await _output.DisposeAsync();
        await _error.DisposeAsync();
        _temporary.Dispose();
    }

    private string Socket => _temporary.PathOf("agent.sock");

    [Fact]
    public async Task Check_PersonCalledBefore_IsBlockedByWhatTheAgentRemembers()
    {
        (await CheckAsync(Tuesday)).GetProperty("isAllowed").GetBoolean().ShouldBeTrue();
        Call(Tuesday);

        JsonElement answer = await CheckAsync(Tuesday.AddMinutes(30));

        answer.GetProperty("rule").GetString().ShouldBe("redial");
        answer.GetProperty("usesState").GetBoolean().ShouldBeTrue();
        answer.GetProperty("allowedAt").GetString().ShouldBe("2026-11-24T10:01:00.000000Z"); // times are kept to the minute
    }

    [Fact]
    public async Task Check_AskedOften_CountsNothing()
    {
        for (int i = 0; i < 5; i++)
        {
            (await CheckAsync(Tuesday)).GetProperty("isAllowed").GetBoolean().ShouldBeTrue();
        }

        _book.State.Numbers.ShouldBeEmpty();
        _book.State.Attempts.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Check_SuspendedNumber_SaysUntilWhen()
    {
        _book.Suspend(NumberKey.For(new E164Number(33_162_000_001)), Tuesday, 28, SuspendedBy.Client, "order");

        JsonElement answer = await CheckAsync(Tuesday.AddDays(1));

        answer.GetProperty("rule").GetString().ShouldBe("suspension");
        answer.GetProperty("action").GetString().ShouldBe("block");
    }

    [Fact]
    public async Task Check_NumberThatIsNone_IsRefusedWithoutRepeatingIt()
    {
        (await RunAsync("--to", "12-not-a-number")).ShouldBe(ExitCode.Unavailable);

        _error.ToString().ShouldContain("no number of any plan");
        _error.ToString().ShouldNotContain("12-not-a-number");
    }

    private void Call(DateTimeOffset at) => _book.Observe(new GuardFacts
    {
        At = at,
        Number = NumberKey.For(new E164Number(33_162_000_001)),
        Person = Person,
        PersonKey = _pseudonymiser.KeyOf(Person),
    });

    private async Task<JsonElement> CheckAsync(DateTimeOffset at)
    {
        _output.GetStringBuilder().Clear();
        int code = await RunAsync("--to", "0639981234", "--at", at.ToString("O", CultureInfo.InvariantCulture));
        JsonElement answer = JsonDocument.Parse(_output.ToString()).RootElement;
        code.ShouldBe(answer.GetProperty("isAllowed").GetBoolean() ? ExitCode.Ok : ExitCode.Blocked, _error.ToString());
        _output.ToString().ShouldNotContain("981234");
        return answer;
    }

    private Task<int> RunAsync(params string[] args) =>
        CommandLine.RunAsync(["check", "--json", "--socket", Socket, "--from", "+33162000001", .. args], _output, _error);

    private sealed class Unheard : IGuardOutput
    {
        public void OnAlert(in AlertEvent alert)
        {
            // alerts are not what is tested here
        }

        public void OnStanding(NumberKey number, in StandingStep step)
        {
            // nor standings
        }
    }
}
