using EdgeAgent.Core.Guard;

namespace EdgeAgent.Guards;

/// <summary>The verdict on a call somebody asked about, and everything rules have to say of it. Holds nothing of the person.</summary>
internal sealed record CallAnswer
{
    /// <summary>Caller ID as it was understood.</summary>
    public required string Number { get; init; }

    /// <summary>Time for which it holds.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The call would go through.</summary>
    public required bool IsAllowed { get; init; }

    /// <summary><c>allow</c>, <c>observe</c>, <c>alert</c>, <c>block</c> or <c>suspend</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The rule that decides: the first that blocks, else the first of the gravest; null when none has anything to say.</summary>
    public string? Rule { get; init; }

    /// <summary>When the call becomes allowed by time alone; null when it is, or when time alone does not help.</summary>
    public DateTimeOffset? AllowedAt { get; init; }

    /// <summary>Counts, suspensions and consents of the running agent were looked at; false: the policy alone.</summary>
    public required bool UsesState { get; init; }

    /// <summary>SHA-256 of the policy.</summary>
    public required string PolicyHash { get; init; }

    /// <summary>What each rule says, in the order they are asked.</summary>
    public required IReadOnlyList<CallAnswerHit> Hits { get; init; }

    /// <summary>Times looked at for one at which every rule lets the call pass.</summary>
    private const int MaxTimes = 16;

    /// <summary>Asks the book, which changes nothing in it. Signalling thread of the book.</summary>
    public static CallAnswer Of(GuardBook book, in GuardFacts facts, bool usesState)
    {
        DateTimeOffset? free = FreeAt(book, facts);
        GuardDecision decision = book.Judge(facts);
        CallAnswerHit[] hits = new CallAnswerHit[decision.Hits.Length];
        for (int i = 0; i < hits.Length; i++)
        {
            hits[i] = CallAnswerHit.Of(decision.Hits[i]);
        }

        return new CallAnswer
        {
            Number = facts.Number.ToString(),
            At = facts.At,
            IsAllowed = !decision.IsBlocked,
            Action = CamelCase.Of(decision.Action),
            Rule = decision.Deciding is { } deciding ? GuardIds.NameOf(deciding.Rule) : null,
            AllowedAt = free,
            UsesState = usesState,
            PolicyHash = book.Policy.Hash,
            Hits = hits,
        };
    }

    /// <summary>What frees the call of one rule may lie in the time of another: thirty days from a call at night end at night.</summary>
    private static DateTimeOffset? FreeAt(GuardBook book, GuardFacts facts)
    {
        bool isBlocked = false;
        for (int i = 0; i < MaxTimes; i++)
        {
            GuardDecision decision = book.Judge(facts);
            if (!decision.IsBlocked)
            {
                return isBlocked ? facts.At : null;
            }

            isBlocked = true;
            DateTimeOffset latest = facts.At;
            foreach (ref readonly GuardHit hit in decision.Hits)
            {
                if (hit.Action >= GuardAction.Block)
                {
                    if (hit.AllowedAt is not { } allowed)
                    {
                        return null;
                    }

                    latest = allowed > latest ? allowed : latest;
                }
            }

            if (latest == facts.At)
            {
                return null;
            }

            facts = facts with { At = latest };
        }

        return null;
    }
}

/// <summary>What one rule says of a call.</summary>
internal sealed record CallAnswerHit
{
    /// <summary>Name of the rule.</summary>
    public required string Rule { get; init; }

    /// <summary>Reason from a fixed set.</summary>
    public required string Reason { get; init; }

    /// <summary>The reason in plain words.</summary>
    public required string Words { get; init; }

    /// <summary>What the rule asks for.</summary>
    public required string Asked { get; init; }

    /// <summary>What is left of it by mode and time of observation.</summary>
    public required string Action { get; init; }

    /// <summary>The figure that was judged.</summary>
    public double Value { get; init; }

    /// <summary>What it was judged against.</summary>
    public double Limit { get; init; }

    /// <summary>On how many attempts the figure rests; 0 where it is a plain count.</summary>
    public long Sample { get; init; }

    /// <summary>When this rule lets the call pass by time alone; null where it does not, or nobody can say.</summary>
    public DateTimeOffset? AllowedAt { get; init; }

    /// <summary>The text of law; null for rules of reputation.</summary>
    public string? Reference { get; init; }

    /// <summary>Copies a hit out of the book's buffer.</summary>
    public static CallAnswerHit Of(in GuardHit hit) => new()
    {
        Rule = GuardIds.NameOf(hit.Rule),
        Reason = hit.Reason,
        Words = GuardWords.Of(hit),
        Asked = CamelCase.Of(hit.Asked),
        Action = CamelCase.Of(hit.Action),
        Value = hit.Value,
        Limit = hit.Limit,
        Sample = hit.Sample,
        AllowedAt = hit.AllowedAt,
        Reference = hit.Reference,
    };
}
