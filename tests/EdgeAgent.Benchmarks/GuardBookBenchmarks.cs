using BenchmarkDotNet.Attributes;
using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Guard.Policy;
using EdgeAgent.Core.Guard.State;
using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Benchmarks;

/// <summary>
/// Verdicts with two million persons known and 200 numbers in use: 20,000 a second on one core leave 50 µs each. <c>Decide</c> is all a
/// door does: pseudonym, verdict, count.
/// </summary>
[MemoryDiagnoser]
[MedianColumn]
public class GuardBookBenchmarks : IGuardOutput, IDisposable
{
    private const int Persons = 2_000_000;
    private static readonly CapSettings Wide = new(GuardMode.Enforce) { Alert = 1_000_000, Block = 1_000_000 };
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 10, 0, 0, TimeSpan.Zero);

    private readonly PersonPseudonymiser _pseudonymiser = new(new byte[PersonPseudonymiser.KeyBytes], "acme");
    private GuardBook _book = null!;
    private ulong _next;

    [GlobalSetup]
    public void Know()
    {
        GuardPolicy policy = new()
        {
            ObserveFor = TimeSpan.Zero,
            Clients = [new PolicyClient("acme")],
            Campaigns = [new PolicyCampaign { Id = "hand", Client = "acme", Mode = DiallingMode.Manual }],
            Rules = new RuleBook { DailyCap = Wide, HourlyCap = Wide }, // so that calls go on
            Numbers = [.. Enumerable.Range(0, 200).Select(i => new RegisteredNumber { Number = new E164Number(33162000000 + (ulong)i), Client = "acme" })],
        };
        GuardState state = new(new GuardLimits(), policy.Alerts);
        uint client = PolicyClient.KeyOf("acme");
        for (uint i = 0; i < Persons; i++)
        {
            state.Attempts.Add(client, _pseudonymiser.KeyOf(new E164Number(33100000000UL + i)), GuardMinutes.Of(Start.AddDays(-2)) - (i % 30_000));
        }

        _book = new GuardBook(policy, state, this);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _pseudonymiser.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(Baseline = true)]
    public GuardAction Judge() => _book.Judge(Next()).Action;

    [Benchmark]
    public GuardAction Decide()
    {
        GuardFacts facts = Next();
        if (_next % 1_200_000 == 0)
        {
            _book.State.Log.TakeBefore(GuardMinutes.Of(facts.At)); // as the store does each minute
        }

        return _book.Admit(facts).Action;
    }

    public void OnAlert(in AlertEvent alert)
    {
    }

    public void OnStanding(NumberKey number, in StandingStep step)
    {
    }

    /// <summary>Persons at random places of the table, numbers in turn, 20,000 calls a second.</summary>
    private GuardFacts Next()
    {
        _next++;
        E164Number person = new(33100000000 + (_next * 1_000_003 % Persons));
        return new GuardFacts
        {
            At = Start.AddTicks((long)_next * 500),
            Number = NumberKey.For(new E164Number(33162000000UL + (_next % 200))),
            Person = person,
            PersonKey = _pseudonymiser.KeyOf(person),
            Campaign = "hand",
        };
    }
}
