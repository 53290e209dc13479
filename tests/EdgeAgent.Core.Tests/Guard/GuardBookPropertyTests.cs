using System.Globalization;
using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Guard.Policy;
using EdgeAgent.Core.Guard.State;
using EdgeAgent.Core.Numbers;
using FsCheck.Xunit;
using Shouldly;
using Xunit;
using static EdgeAgent.Core.Tests.Guard.BookRun;

namespace EdgeAgent.Core.Tests.Guard;

/// <summary>What must hold for any calls whatever.</summary>
public sealed class GuardBookPropertyTests
{
    private static readonly GuardPolicy Tight = GuardPolicy.Default with
    {
        Clients = [new PolicyClient("acme"), new PolicyClient("other")],
        Trunks = [new TrunkAssignment("a", "acme"), new TrunkAssignment("o", "other")],
        Rules = new RuleBook
        {
            DailyCap = new CapSettings(GuardMode.Enforce) { Alert = 4, Block = 8 },
            HourlyCap = new CapSettings(GuardMode.Enforce) { Alert = 2, Block = 5 },
            Redial = new RedialSettings { PerHour = 1, PerDay = 3 },
            ReportRate = new ReportRateSettings { MinAttempts = 10, MinReports = 2 },
            AnswerRate = new AnswerRateSettings { MinAttempts = 5, MinZ = 0.5 },
        },
    };

    [Property(MaxTest = 200)]
    public void Admit_BlockedAttempts_ConsumeNoQuota(byte[] choices)
    {
        BookRun all = new(Tight);
        BookRun admittedOnly = new(Tight);
        foreach (GuardFacts facts in Calls(choices))
        {
            Seen seen = all.Admit(facts);
            if (seen.Action < GuardAction.Block)
            {
                admittedOnly.Admit(facts).ToString().ShouldBe(seen.ToString());
            }
            else
            {
                admittedOnly.Judge(facts).ToString().ShouldBe(seen.ToString());
            }
        }
    }

    [Property(MaxTest = 200)]
    public void AdmitAndObserve_CopiesOfAnAttempt_GetTheSameVerdictAndCountOnce(byte[] choices, byte copies)
    {
        BookRun once = new(Tight);
        BookRun often = new(Tight);
        ulong attempt = 1;
        foreach (GuardFacts facts in Calls(choices))
        {
            GuardFacts named = facts with { Attempt = attempt++ };
            bool isWire = attempt % 3 == 0;
            string expected = (isWire ? once.Observe(named) : once.Admit(named)).ToString();
            (isWire ? often.Observe(named) : often.Admit(named)).ToString().ShouldBe(expected);
            for (int copy = copies % 4; copy > 0; copy--)
            {
                GuardFacts late = named with { At = named.At.AddSeconds(copy * 8) };
                (isWire ? often.Observe(late) : often.Admit(late)).ToString().ShouldBe(expected);
            }
        }

        Picture(often).ShouldBe(Picture(once));
    }

    [Property(MaxTest = 200)]
    public void Observe_UnrelatedNumbersInAnyOrder_GetTheSameVerdicts(byte[] choices, int seed)
    {
        // Each call of its own number and person group; only calls of different numbers at one instant change places.
        GuardFacts[] calls = [.. Calls(choices).Select(call => call with { PersonKey = call.PersonKey + (call.Number.Number.Digits << 8) })];
        GuardFacts[] other = [.. calls.GroupBy(call => call.At).OrderBy(group => group.Key).SelectMany(group =>
        {
            GuardFacts[] one = [.. group.GroupBy(call => call.Number).SelectMany(same => same.Take(1))];
            new Random(seed).Shuffle(one);
            return one;
        })];
        GuardFacts[] inOrder = [.. calls.GroupBy(call => call.At).OrderBy(group => group.Key).SelectMany(group => group.GroupBy(call => call.Number).SelectMany(same => same.Take(1)))];

        Verdicts(other).ShouldBe(Verdicts(inOrder));

        static string Verdicts(IEnumerable<GuardFacts> calls)
        {
            BookRun run = new(Tight);
            return string.Join('\n', calls.Select(call => (call.Number, call.At, Text: run.Observe(call).ToString()))
                .OrderBy(each => each.Number.Number).ThenBy(each => each.At).Select(each => each.Text));
        }
    }

    [Property(MaxTest = 200)]
    public void Restart_AtAnyPoint_ChangesNoVerdict(byte[] choices, byte place)
    {
        GuardFacts[] calls = [.. Calls(choices)];
        BookRun straight = new(Tight);
        BookRun restarted = new(Tight);
        for (int i = 0; i < calls.Length; i++)
        {
            if (i == place % calls.Length || i == (place * 7) % calls.Length)
            {
                restarted.Restart(calls[i].At);
            }

            Play(straight, calls[i], i).ShouldBe(Play(restarted, calls[i], i));
        }

        Picture(restarted).ShouldBe(Picture(straight));
    }

    [Property(MaxTest = 100)]
    public void OnTime_CalledOrNot_ChangesNoVerdict(byte[] choices)
    {
        BookRun quiet = new(Tight);
        BookRun ticked = new(Tight);
        DateTimeOffset last = default;
        int i = 0;
        foreach (GuardFacts facts in Calls(choices))
        {
            for (DateTimeOffset tick = last == default ? facts.At : last.AddHours(6); tick < facts.At; tick = tick.AddHours(6))
            {
                ticked.Book.OnTime(tick);
            }

            last = facts.At;
            Play(ticked, facts, i).ShouldBe(Play(quiet, facts, i++));
        }
    }

    [Fact]
    public void Judge_CallsThatAreAllowed_AllocateNothing()
    {
        BookRun run = new(Tight);
        GuardFacts facts = Facts(Tuesday) with { Trunk = "a" };
        run.Observe(facts);
        run.Judge(facts with { At = Tuesday.AddDays(2), PersonKey = 9 });

        Allocations.Least(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                if (run.Book.Judge(facts with { At = Tuesday.AddDays(2).AddSeconds(i), PersonKey = 9 }).Action != GuardAction.Allow)
                {
                    throw new InvalidOperationException("a verdict that allows was asked for");
                }
            }
        }).ShouldBe(0);
    }

    [Fact]
    public void Judge_AnyNumberOfTimes_ChangesNothing()
    {
        BookRun run = new(Tight);
        run.Observe(Facts(Tuesday));
        string before = Picture(run);
        for (int i = 0; i < 50; i++)
        {
            run.Judge(Facts(Tuesday.AddHours(i)));
        }

        Picture(run).ShouldBe(before);
    }

    [Fact]
    public void Decision_SeveralHits_IsTheFirstThatBlocksAndRecordsAll()
    {
        BookRun run = new();
        run.Observe(Facts(Tuesday));

        Seen seen = run.Judge(Facts(Tuesday.AddMinutes(5)) with { IsWithheld = true, Number = NumberKey.For(new E164Number(33612345678)) });

        seen.Hits.Select(hit => hit.Rule).ShouldBe([GuardId.CallerId, GuardId.NumberClass, GuardId.Redial]);
        seen.Deciding!.Value.Rule.ShouldBe(GuardId.CallerId);
        seen.Action.ShouldBe(GuardAction.Block);
    }

    [Theory]
    [InlineData(GuardMode.Off, "-")]
    [InlineData(GuardMode.Observe, "observe weekend")]
    [InlineData(GuardMode.Alert, "alert weekend")]
    [InlineData(GuardMode.Enforce, "block weekend")]
    public void Judge_Mode_SaysHowFarARuleGoes(GuardMode mode, string expected) =>
        new BookRun(GuardPolicy.Default with { Rules = new RuleBook { Hours = new HoursSettings() with { Mode = mode } } })
            .Judge(Facts(At("2026-11-28T11:00:00+01:00"))).Say(GuardId.Hours).ShouldBe(expected);

    [Fact]
    public void Use_OtherPolicy_KeepsWhatIsRemembered()
    {
        BookRun run = new();
        run.ObserveMany(Tuesday, 20);
        run.Book.Use(run.Policy with { Rules = new RuleBook { DailyCap = new CapSettings(GuardMode.Enforce) { Alert = 5, Block = 10 } } });

        run.Judge(run.NextFacts(Tuesday.AddMinutes(1))).Of(GuardId.DailyCap)!.Value.Value.ShouldBe(21);
    }

    [Fact]
    public void Observe_AttemptAdmittedAMomentAgo_IsNotCountedAgain()
    {
        BookRun run = new();
        run.Admit(Facts(Tuesday)).Action.ShouldBe(GuardAction.Allow);

        run.Observe(Facts(Tuesday.AddSeconds(2))).Hits.ShouldBeEmpty();

        run.Book.State.Find(Number)!.Days.All[0].Attempts.ShouldBe(1u);
        run.Observe(Facts(Tuesday.AddSeconds(3))).Say(GuardId.Redial).ShouldBe("block withinHour");
    }

    [Fact]
    public void Of_EveryReason_HasWordsWithoutNumbersOfPersons()
    {
        BookRun run = new(Tight);
        foreach (GuardFacts facts in Calls([.. Enumerable.Range(0, 250).Select(i => (byte)(i * 37))]))
        {
            foreach (GuardHit hit in run.Admit(facts).Hits)
            {
                GuardWords.Of(hit).ShouldNotBe(hit.Reason);
            }
        }
    }

    private static string Play(BookRun run, GuardFacts facts, int i)
    {
        string said = (i % 2 == 0 ? run.Admit(facts) : run.Observe(facts)).ToString();
        if (i % 3 == 0)
        {
            run.Book.OnAnswered(facts.Number, facts.At, facts.Trunk);
            run.Book.OnTalked(facts.Number, facts.At.AddSeconds(i), TimeSpan.FromSeconds(i));
        }
        else
        {
            run.Book.OnRefused(facts.Number, facts.At, new GuardRefusal(facts.Trunk, i % 2 == 0, i % 5 == 0, i % 11 == 0));
        }

        run.Book.OnSeatFree(facts.Seat, facts.At);
        return said;
    }

    /// <summary>Calls in order of time: two bytes each say how much later, which number, person, trunk and line.</summary>
    private static IEnumerable<GuardFacts> Calls(byte[] choices)
    {
        DateTimeOffset at = At("2026-10-20T10:00:00+02:00"); // across the change of clocks, a month's end and two holidays
        for (int i = 0; i + 1 < choices.Length; i += 2)
        {
            at = at.AddMinutes(choices[i] switch { < 40 => 0, < 200 => choices[i] % 30, < 240 => choices[i] * 2, _ => choices[i] * 40 });
            yield return new GuardFacts
            {
                At = at,
                Number = (choices[i + 1] % 3) switch { 0 => Number, 1 => OtherNumber, _ => NumberKey.For(new E164Number(33145000009)) },
                Person = choices[i + 1] % 5 == 0 ? new E164Number(262262123456) : Paris,
                PersonKey = (ulong)(choices[i + 1] % 7) + 1,
                Trunk = choices[i + 1] % 11 == 0 ? "o" : "a",
                Seat = choices[i + 1] % 4u,
                IsWithheld = choices[i + 1] % 13 == 0,
            };
        }
    }

    private static string Picture(BookRun run)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        foreach (NumberState number in run.Book.State.Numbers.OrderBy(number => number.Number.Number))
        {
            number.Save(writer);
        }

        run.Book.State.Seats.Save(writer);
        writer.Flush();
        string attempts = string.Join(' ', run.Book.State.Attempts.All().OrderBy(each => each.Person).ThenBy(each => each.Client)
            .Select(each => string.Create(CultureInfo.InvariantCulture, $"{each.Client}/{each.Person}/{string.Join(',', ((ReadOnlySpan<uint>)each.Attempts).ToArray())}")));
        return Convert.ToHexString(stream.ToArray()) + attempts;
    }
}
