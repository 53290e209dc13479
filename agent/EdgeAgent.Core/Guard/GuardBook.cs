using EdgeAgent.Core.Guard.Policy;
using EdgeAgent.Core.Guard.Rules;
using EdgeAgent.Core.Guard.State;
using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core.Guard;

/// <summary>
/// The rule book: facts, state and time in, verdict out. Rules are asked in the order of <see cref="GuardId"/>; the first that blocks
/// decides, all that have something to say are recorded. Pure but for its state; not thread-safe: one signalling thread. A verdict that
/// allows allocates nothing.
/// </summary>
public sealed partial class GuardBook
{
    private readonly GuardState _state;
    private readonly IGuardOutput _output;
    private readonly GuardHit[] _hits = new GuardHit[GuardIds.Count];
    private readonly GuardCase _case = new();
    private readonly ParisDay _paris = new();
    private IRule[] _rules = [];
    private PolicyIndex _index = null!;

    /// <summary>Makes a book.</summary>
    /// <param name="policy">A policy without faults (<see cref="PolicyChecks"/>).</param>
    /// <param name="state">What is remembered, perhaps by an earlier book.</param>
    /// <param name="output">Takes alerts and standings.</param>
    public GuardBook(GuardPolicy policy, GuardState state, IGuardOutput output)
    {
        ArgumentNullException.ThrowIfNull(state);
        _state = state;
        _output = output;
        Use(policy);
    }

    /// <summary>The policy in force.</summary>
    public GuardPolicy Policy { get; private set; } = GuardPolicy.Default;

    /// <summary>What is remembered.</summary>
    public GuardState State => _state;

    /// <summary>Goes on under another policy; what is remembered stays.</summary>
    public void Use(GuardPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        Policy = policy;
        _state.Alerts.Use(policy.Alerts);
        _index = new PolicyIndex(policy);
        RuleBook rules = policy.Rules;
        CallingHours hours = new(policy.Hours, policy.Calendars, rules.Hours.CloseMargin);
        IRule[] all =
        [
            new CallerIdRule(),
            new UnassignedRule(policy.Numbers.Count > 0),
            new PoolingRule(rules.Pooling),
            new NumberClassRule(),
            new HoursRule(rules.Hours, hours),
            new LocalHolidayRule(policy, hours),
            new ConsentRule(rules.Consent, policy.Consent, _state.Consents),
            new PersonAttemptsRule(rules.PersonAttempts, policy.Attempts),
            new RedialRule(rules.Redial),
            new DayCapRule(rules.DailyCap),
            new HourCapRule(rules.HourlyCap),
            new SpikeRule(rules.Spike, _state.BlindDays),
            new SuspensionRule(rules.Suspension),
            new WarmUpRule(rules.WarmUp, rules.DailyCap.Block),
            new ConcurrencyRule(rules.Concurrency, _state.Seats),
        ];
        _rules = [.. all.Where(rule => rules.ModeOf(rule.Id) != GuardMode.Off)];
        _answerRate = new AnswerRateRule(rules.AnswerRate);
        _reportRate = new ReportRateRule(rules.ReportRate);
        _carrierBlock = new CarrierBlockRule(rules.CarrierBlock);
        IDailyRule[] daily = [_answerRate, _reportRate, new TalkTimeRule(rules.TalkTime), new CallBackRule(rules.CallBack), _carrierBlock];
        _daily = [.. daily.Where(rule => rules.ModeOf(rule.Id) != GuardMode.Off)];
    }

    /// <summary>Says what would be decided, and changes nothing.</summary>
    public GuardDecision Judge(in GuardFacts facts) =>
        _state.Decisions.TryFind(facts.Attempt, facts.At, out GuardHit[]? known) ? DecisionOf(known) : DecisionOf(Evaluate(facts));

    /// <summary>Decides for a PBX that asks before it dials: what is let through is counted at once, what is refused takes no quota.</summary>
    public GuardDecision Admit(in GuardFacts facts)
    {
        if (_state.Decisions.TryFind(facts.Attempt, facts.At, out GuardHit[]? known))
        {
            return DecisionOf(known); // asked again about the same attempt
        }

        Begin(facts.At);
        ReadOnlySpan<GuardHit> hits = Evaluate(facts);
        GuardDecision decision = DecisionOf(hits);
        _state.Decisions.Remember(facts.Attempt, facts.At, hits);
        Raise(hits, facts);
        if (!decision.IsBlocked)
        {
            Count();
            _state.Decisions.Admit(facts);
        }

        return decision;
    }

    /// <summary>
    /// Judges an attempt seen on its way to the carrier: it has happened, so it is counted whatever the verdict. One that
    /// <see cref="Admit"/> let through a moment ago is counted already and gives no second verdict.
    /// </summary>
    public GuardDecision Observe(in GuardFacts facts)
    {
        if (_state.Decisions.TryFind(facts.Attempt, facts.At, out GuardHit[]? known))
        {
            return DecisionOf(known);
        }

        Begin(facts.At);
        if (_state.Decisions.TakeAdmitted(facts))
        {
            _state.Decisions.Remember(facts.Attempt, facts.At, []);
            return default;
        }

        ReadOnlySpan<GuardHit> hits = Evaluate(facts);
        _state.Decisions.Remember(facts.Attempt, facts.At, hits);
        Raise(hits, facts);
        Count();
        return DecisionOf(hits);
    }

    private static GuardDecision DecisionOf(ReadOnlySpan<GuardHit> hits)
    {
        int deciding = -1;
        GuardAction action = GuardAction.Allow;
        for (int i = 0; i < hits.Length; i++)
        {
            if (action < GuardAction.Block && hits[i].Action > action)
            {
                (deciding, action) = (i, hits[i].Action);
            }
        }

        return new GuardDecision(action, deciding, hits);
    }

    private ReadOnlySpan<GuardHit> Evaluate(in GuardFacts facts)
    {
        if (facts.ShortClass is NumberClass.Emergency or NumberClass.ShortCode)
        {
            FillBasics(facts); // so that it is counted for its number all the same
            return [];
        }

        Fill(facts);
        bool isObserving = IsObserving(facts.At);
        int count = 0;
        foreach (IRule rule in _rules)
        {
            if (rule.Judge(_case, out GuardHit hit))
            {
                GuardMode mode = Policy.Rules.ModeOf(rule.Id);
                GuardAction action = hit.IsOrder ? hit.Asked : (isObserving && mode > GuardMode.Observe ? GuardMode.Observe : mode).Limit(hit.Asked);
                _hits[count++] = hit with { Action = action };
            }
        }

        return _hits.AsSpan(0, count);
    }

    private bool IsObserving(DateTimeOffset at) =>
        Policy.ObserveFor > TimeSpan.Zero && (_state.Since == default || at < _state.Since + Policy.ObserveFor);

    private void FillBasics(in GuardFacts facts)
    {
        _case.Facts = facts;
        _case.Minute = GuardMinutes.Of(facts.At);
        _case.Day = _paris.Of(facts.At);
        _index.Fill(_case);
        _case.ClientKey = PolicyClient.KeyOf(_case.Client ?? Policy.DefaultClient);
        _case.State = facts.Number.Number.IsNumber ? _state.Find(facts.Number) : null;
    }

    private void Fill(in GuardFacts facts)
    {
        FillBasics(facts);
        NumberState? number = _case.State;
        _case.AttemptsToday = (number?.Days.Find(_case.Day.DayNumber).Attempts ?? 0) + 1;
        _case.AttemptsThisHour = (number?.Hour.SumAt(_case.Minute) ?? 0) + 1;
        _case.Person = default;
        _case.Consent = default;
        if (facts.PersonKey != 0)
        {
            _case.Person = _state.Attempts.Find(_case.ClientKey, facts.PersonKey);
            _case.Consent = _state.Consents.Find(_case.ClientKey, facts.PersonKey);
        }

        if (facts.FormerPersonKey != 0)
        {
            _case.Person = PersonAttempts.Merge(_case.Person, _state.Attempts.Find(_case.ClientKey, facts.FormerPersonKey));
            _case.Consent = _state.Consents.Find(_case.ClientKey, facts.FormerPersonKey).With(_case.Consent);
        }
    }

    /// <summary>Counts the attempt in <see cref="_case"/>.</summary>
    private void Count()
    {
        GuardFacts facts = _case.Facts;
        int day = _case.Day.DayNumber;
        if (facts.Number.Number.IsNumber)
        {
            if (_state.FindOrAdd(facts.Number, day) is { } number)
            {
                number.IsOld |= number.FirstDay == day && IsObserving(facts.At);
                number.Days.Of(day).Attempts++;
                number.Hour.Add(_case.Minute);
                if (PoolingRule.UserOf(_case) is not 0 and ulong user)
                {
                    number.OnUser(user, day);
                }
            }
            else
            {
                _state.Untracked++;
            }
        }

        if (_case.HasPerson)
        {
            uint minute = _state.Log.Add(_case.ClientKey, facts.PersonKey, _case.Minute);
            _state.Attempts.Add(_case.ClientKey, facts.PersonKey, minute);
        }

        if (facts.Seat != 0)
        {
            _state.Seats.OnAttempt(facts.Seat, facts.At, ConcurrencyRule.QuickRedialOf(facts, Policy.Rules.Concurrency));
        }
    }

    private void Raise(ReadOnlySpan<GuardHit> hits, in GuardFacts facts)
    {
        if (facts.IsBlind)
        {
            return;
        }

        foreach (ref readonly GuardHit hit in hits)
        {
            // The calls a suspension holds back are its own doing; what is told of it are the steps of the number's standing.
            if (hit.Action >= GuardAction.Alert && !(hit.Rule == GuardId.Suspension && hit.Reason == "suspended" && hit.Action == GuardAction.Block))
            {
                Raise(facts.Number, hit, facts.At);
            }
        }
    }

    private void Raise(NumberKey number, in GuardHit hit, DateTimeOffset at)
    {
        if (_state.Alerts.OnHit(number, hit, at) is { } alert)
        {
            _output.OnAlert(alert);
        }
    }
}
