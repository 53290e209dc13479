using System.Text.Json;
using Shouldly;

namespace EdgeAgent.Tests.EndToEnd;

/// <summary>What holds for every replay, whatever the capture.</summary>
internal static class ReplayInvariants
{
    private const double RoundingSeconds = 0.001;

    /// <summary>Fails the test where a sum does not add up.</summary>
    public static void Check(ReplayOutput output)
    {
        CheckRow("totals", output.Totals);
        foreach ((string number, JsonElement row) in output.Rows)
        {
            CheckRow(number, row);
            CheckRatios(number, row);
        }

        foreach (string counter in (string[])["attempts", "answered", "answeredEnded", "unknownEnd", "open"])
        {
            output.Rows.Values.Sum(row => row.Count(counter)).ShouldBe(output.Totals.Count(counter), $"Σ numbers.{counter}");
        }

        CheckCalls(output);
    }

    private static void CheckRow(string name, JsonElement row)
    {
        long disposed = row.Member("dispositions").Counts().Values.Sum();
        row.Count("attempts").ShouldBe(disposed + row.Count("open"), $"{name}: attempts = Σ dispositions + open");
        row.Count("answered").ShouldBe(
            row.Count("answeredEnded") + row.Count("unknownEnd"), $"{name}: answered = answeredEnded + unknownEnd");
        (row.Count("endedByNumber") + row.Count("endedByPerson")).ShouldBe(
            row.Count("answeredEnded"), $"{name}: answeredEnded = endedByNumber + endedByPerson");
        (row.Count("newCallees") + row.Count("repeatAttempts") + row.Count("unknownCallees")).ShouldBe(
            row.Count("attempts"), $"{name}: attempts = newCallees + repeatAttempts + unknownCallees");
        (row.Number("maxTalkSeconds") ?? 0).ShouldBeLessThanOrEqualTo((row.Number("talkSeconds") ?? 0) + RoundingSeconds, $"{name}: maxTalkSeconds");
        row.Member("dispositions").CountOrZero("answered").ShouldBe(row.Count("answered"), $"{name}: dispositions.answered");
    }

    private static void CheckRatios(string number, JsonElement row)
    {
        long attempts = row.Count("attempts");
        long ended = row.Count("answeredEnded");
        double? answerRate = row.Number("answerRate");
        double? acd = row.Number("acdSeconds");
        if (attempts == 0)
        {
            answerRate.ShouldBeNull($"{number}: answerRate");
        }
        else
        {
            answerRate.ShouldNotBeNull(number).ShouldBe((double)row.Count("answered") / attempts, RoundingSeconds, number);
        }

        if (ended == 0)
        {
            acd.ShouldBeNull($"{number}: acdSeconds");
        }
        else
        {
            double talk = row.Number("talkSeconds").ShouldNotBeNull(number);
            acd.ShouldNotBeNull(number).ShouldBe(talk / ended, RoundingSeconds, number);
        }
    }

    private static void CheckCalls(ReplayOutput output)
    {
        // Inbound, internal and unlisted calls have rows of their own but stand in other counters than a number's attempts.
        Dictionary<string, List<ReplayCall>> byNumber = output.Calls
            .Where(call => call.Direction is "outbound" or "unknown")
            .GroupBy(call => call.Number, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.ToList(), StringComparer.Ordinal);
        foreach ((string number, JsonElement row) in output.Rows)
        {
            List<ReplayCall> calls = byNumber.GetValueOrDefault(number, []);
            row.Count("attempts").ShouldBe(calls.Count, $"{number}: attempts against calls");
            row.Count("answered").ShouldBe(calls.Count(call => call.AnsweredAt is not null), $"{number}: answered against calls");
            row.Count("endedByPerson").ShouldBe(calls.Count(call => call.HungUpBy == "person"), $"{number}: endedByPerson against calls");
            row.Number("maxTalkSeconds").ShouldBe(calls.Max(call => call.TalkSeconds) ?? 0, $"{number}: maxTalkSeconds against calls");
            double talk = calls.Sum(call => call.TalkSeconds ?? 0);
            row.Number("talkSeconds").ShouldNotBeNull(number).ShouldBe(talk, RoundingSeconds * (calls.Count + 1), number);
        }

        foreach (ReplayCall call in output.Calls)
        {
            (call.AnsweredAt is not null).ShouldBe(call.Disposition == "answered", call.CallId);
            (call.HungUpBy is not null).ShouldBe(call.EndEvidence == "bye", call.CallId);
            (call.TalkSeconds is not null).ShouldBe(call.AnsweredAt is not null && call.EndEvidence == "bye", call.CallId);
        }
    }
}
