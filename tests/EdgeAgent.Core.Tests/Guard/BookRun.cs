using System.Globalization;
using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Guard.Policy;
using EdgeAgent.Core.Guard.State;
using EdgeAgent.Core.Numbers;
using Shouldly;

namespace EdgeAgent.Core.Tests.Guard;

/// <summary>A rule book on a test bench: calls go in, verdicts, alerts and steps come out. Enforces from the first call unless told otherwise.</summary>
internal sealed class BookRun : IGuardOutput
{
    public static readonly NumberKey Number = NumberKey.For(new E164Number(33162000001));
    public static readonly NumberKey OtherNumber = NumberKey.For(new E164Number(33162000002));
    public static readonly E164Number Paris = new(33145000001);

    /// <summary>A Tuesday, 11:00 in Paris.</summary>
    public static readonly DateTimeOffset Tuesday = At("2026-11-24T11:00:00+01:00");

    private ulong _nextPerson = 1_000_000;
    private ulong _reportSource;

    public BookRun(GuardPolicy? policy = null, GuardLimits? limits = null, TimeSpan observeFor = default)
    {
        Policy = (policy ?? GuardPolicy.Default) with { ObserveFor = observeFor };
        Limits = limits ?? new GuardLimits();
        Book = new GuardBook(Policy, new GuardState(Limits, Policy.Alerts), this);
    }

    public GuardPolicy Policy { get; }

    public GuardLimits Limits { get; }

    public GuardBook Book { get; private set; }

    public List<AlertEvent> Alerts { get; } = [];

    public List<(NumberKey Number, StandingStep Step)> Steps { get; } = [];

    /// <summary>Attempt documents given out so far: what the disk holds.</summary>
    public List<AttemptDocument> Disk { get; } = [];

    /// <summary>Documents of consents given out so far.</summary>
    public List<ConsentDocument> Consents { get; } = [];

    public static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    public static GuardFacts Facts(DateTimeOffset at, ulong person = 1) =>
        new() { At = at, Number = Number, Person = Paris, PersonKey = person };

    /// <summary>A call to a person never called before.</summary>
    public GuardFacts NextFacts(DateTimeOffset at) => Facts(at, _nextPerson++);

    public Seen Judge(GuardFacts facts) => Seen.Of(Book.Judge(facts));

    public Seen Admit(GuardFacts facts) => Seen.Of(Book.Admit(facts));

    public Seen Observe(GuardFacts facts) => Seen.Of(Book.Observe(facts));

    /// <summary>So many calls to different persons, a second apart.</summary>
    public Seen ObserveMany(DateTimeOffset at, int count)
    {
        Seen last = new(GuardAction.Allow, []);
        for (int i = 0; i < count; i++)
        {
            last = Observe(NextFacts(at.AddSeconds(i)));
        }

        return last;
    }

    /// <summary>A whole day of calls of the number, ten minutes' worth of clock, with so many answered and so many reports.</summary>
    public void Day(DateTimeOffset noon, int attempts, int answered, int reports = 0, int reached = -1, NumberKey? number = null)
    {
        for (int i = 0; i < attempts; i++)
        {
            DateTimeOffset at = noon.AddSeconds(i);
            Book.Observe(NextFacts(at) with { Number = number ?? Number });
            if (i < answered)
            {
                Book.OnAnswered(number ?? Number, at);
            }
            else
            {
                bool isReached = reached < 0 || i < reached;
                Book.OnRefused(number ?? Number, at, new GuardRefusal("carrier", isReached, false, false));
            }
        }

        Book.OnReports(number ?? Number, new ParisDay().Of(noon), ++_reportSource, (uint)reports, noon.AddSeconds(attempts));
    }

    /// <summary>The process ends and another takes over with what was saved; attempts of minutes before <paramref name="at"/> come from disk.</summary>
    public void Restart(DateTimeOffset at)
    {
        Disk.AddRange(Book.State.Log.TakeBefore(GuardMinutes.Of(at)));
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        Book.State.Save(writer);
        Consents.AddRange(Book.State.Consents.TakeChanges());
        writer.Flush();

        GuardState state = new(Limits, Policy.Alerts);
        foreach (AttemptDocument document in Disk)
        {
            AttemptLog.TryLoad(document.Bytes, state.Attempts);
        }

        stream.Position = 0;
        using BinaryReader reader = new(stream);
        state.Load(reader);
        Consents.ForEach(document => state.Consents.TryLoad(document.Bytes).ShouldBeTrue());
        Book = new GuardBook(Policy, state, this);
    }

    public void OnAlert(in AlertEvent alert) => Alerts.Add(alert);

    public void OnStanding(NumberKey number, in StandingStep step) => Steps.Add((number, step));
}

/// <summary>A decision that outlives the book's buffer.</summary>
internal sealed record Seen(GuardAction Action, IReadOnlyList<GuardHit> Hits)
{
    public static Seen Of(GuardDecision decision) => new(decision.Action, decision.Hits.ToArray()) { Deciding = decision.Deciding };

    public GuardHit? Deciding { get; init; }

    /// <summary>What one rule said; null when it said nothing.</summary>
    public GuardHit? Of(GuardId rule) => Hits.Where(hit => hit.Rule == rule).Select(hit => (GuardHit?)hit).SingleOrDefault();

    /// <summary><c>block lunchBreak</c>, or <c>-</c>.</summary>
    public string Say(GuardId rule) => Of(rule) is { } hit ? $"{hit.Action.ToString().ToLowerInvariant()} {hit.Reason}" : "-";

    public override string ToString() => string.Join("; ", Hits.Select(hit => $"{hit.Rule} {hit.Action} {hit.Reason} {hit.Value} {hit.Limit} {hit.AllowedAt:O}"));
}
