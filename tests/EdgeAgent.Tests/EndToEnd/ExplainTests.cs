using System.Text.Json;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.EndToEnd;

/// <summary>Stories of known calls of the committed captures.</summary>
public sealed class ExplainTests
{
    private const string Retried = "6a010467-8180-4389-a27b-97ac98fd9c8a";
    private const string AnsweredAcrossCancel = "3471b4a0-458a-4946-af77-dae07923e6c4";
    private const string FailedOver = "12-16542@10.10.0.2";
    private const string Cancelled = "3-16545@10.10.0.2";
    private const string WithoutBye = "1-16556@10.10.0.2";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string Demo => Path.Combine(TestFiles.Captures, "demo-two-campaigns.pcap.gz");

    private static string Asterisk => Path.Combine(TestFiles.Captures, "asterisk-main-mixed", "wan0.pcap");

    [Fact]
    public async Task Explain_AuthenticationRetry_IsOneAttempt()
    {
        JsonElement story = await ExplainAsync(Retried, Asterisk, "10.20.0.0/24");

        Reasons(story).ShouldBe(
        [
            "INVITE newAttempt", "407 challenged", "ACK refusalAcknowledged", "INVITE continued", "100 trying", "180 firstRinging",
            "200 firstSuccess", "ACK answerAcknowledged", "BYE byeNoted", "200 byeConfirmed",
        ]);
        JsonElement attempt = story.Member("attempts").EnumerateArray().ShouldHaveSingleItem();
        attempt.Text("disposition").ShouldBe("answered");
        attempt.Text("endEvidence").ShouldBe("bye");
        attempt.Number("talkSeconds").ShouldBe(2.306767);
        attempt.Text("hungUpBy").ShouldBe("number");
        attempt.Text("transferEvidence").ShouldBeNull();
        attempt.Text("forwardedBy").ShouldBeNull();
    }

    [Fact]
    public async Task Explain_CancelThatCrossesTheAnswer_SaysThatTheAnswerWins()
    {
        JsonElement story = await ExplainAsync(AnsweredAcrossCancel, Asterisk, "10.20.0.0/24");

        Reasons(story).ShouldContain("CANCEL cancelNoted");
        TextOf(story, "cancelNoted").ShouldBe("CANCEL ends nothing by itself; the final response decides");
        TextOf(story, "firstSuccess").ShouldContain("CANCEL that crosses it");
        story.Member("attempts")[0].Text("disposition").ShouldBe("answered");
    }

    [Fact]
    public async Task Explain_CancelledCall_EndsWithThe487()
    {
        JsonElement story = await ExplainAsync(Cancelled, Demo, "10.20.0.2", "10.20.0.3");

        JsonElement refusal = story.Member("story").EnumerateArray().Single(entry => entry.Text("reason") == "refused");
        refusal.Count("status").ShouldBe(487);
        refusal.Member("changes")[0].Text("after").ShouldBe("ended");
        story.Member("attempts")[0].Text("disposition").ShouldBe("cancelled");
        story.Member("attempts")[0].Text("endEvidence").ShouldBe("cancel");
    }

    [Fact]
    public async Task Explain_LostBye_TellsThatTheTalkIsInNoSum()
    {
        JsonElement story = await ExplainAsync(WithoutBye, Demo, "10.20.0.2", "10.20.0.3");

        JsonElement end = story.Member("story").EnumerateArray().Last();
        end.TryGetProperty("method", out _).ShouldBeFalse("no message ended it");
        end.Text("text").ShouldNotBeNull().ShouldContain("unknownEnd, its talk time is in no sum");
        JsonElement attempt = story.Member("attempts")[0];
        attempt.Text("endEvidence").ShouldBe("idle-limit");
        attempt.Number("talkSeconds").ShouldBeNull();
    }

    [Fact]
    public async Task Explain_CallThatFailedOver_TellsBothAttempts()
    {
        JsonElement story = await ExplainAsync(FailedOver, Demo, "10.20.0.2", "10.20.0.3");

        story.Member("attempts").EnumerateArray().Select(attempt => attempt.Text("trunk")).ShouldBe(["10.20.0.2", "10.20.0.3"]);
        story.Member("attempts").EnumerateArray().Select(attempt => attempt.Text("disposition")).ShouldBe(["failed", "answered"]);
        story.Member("story").EnumerateArray().Last(entry => entry.Text("reason") == "newAttempt")
            .Text("text").ShouldNotBeNull().ShouldContain("every trunk tried is an attempt of its own");
    }

    [Fact]
    public async Task Explain_ForPeople_DrawsTheLadderAndShowsNoPersonsNumber()
    {
        ProcessRun run = await AgentBinary.RunAsync(
            Token, "explain", Cancelled, Demo, "--trunk", "10.20.0.2", "--trunk", "10.20.0.3");

        run.ExitCode.ShouldBe(0, run.Error);
        run.Output.ShouldContain("        10.20.0.1               10.20.0.2\n");
        run.Output.ShouldContain("     0.804  |------- CANCEL ------->|\n");
        run.Output.ShouldContain("     0.807  |<---- 487 INVITE ------|\n");
        run.Output.ShouldContain("    disposition   cancelled\n");
        IReadOnlyDictionary<string, string> truth = Csv.Read(Path.Combine(TestFiles.Captures, "demo-two-campaigns.truth.csv"))
            .First(row => row["callId"] == Cancelled);
        run.Output.ShouldContain(truth["number"]);
        run.Output.ShouldNotContain(truth["person"][4..]);
    }

    [Fact]
    public async Task Explain_HalfACallId_Exits1AndOffersTheWholeOnes()
    {
        ProcessRun run = await AgentBinary.RunAsync(Token, "explain", "3-16545", Demo);

        run.ExitCode.ShouldBe(1);
        run.Output.ShouldBeEmpty();
        run.Error.ShouldContain("no message has the Call-ID 3-16545.");
        run.Error.ShouldContain("did you mean 3-16545@10.10.0.2");
    }

    /// <summary>The trace only reads: each attempt of the replay is told with the very same record.</summary>
    [Fact]
    public async Task Explain_EveryKindOfEnd_EqualsTheReplay()
    {
        string[] trunks = ["--trunk", "10.20.0.0/24"];
        ReplayOutput replay = await ReplayOutput.RunAsync(Token, [Asterisk, .. trunks]);
        foreach (ReplayCall call in replay.Calls.DistinctBy(call => (call.Disposition, call.EndEvidence, call.Status, call.Direction)))
        {
            JsonElement story = await ExplainAsync(call.CallId, Asterisk, "10.20.0.0/24");

            JsonElement attempt = story.Member("attempts").EnumerateArray().Single(each => each.Instant("start") == call.Start);
            attempt.Text("number").ShouldBe(call.Number, call.CallId);
            attempt.Text("disposition").ShouldBe(call.Disposition, call.CallId);
            attempt.Text("endEvidence").ShouldBe(call.EndEvidence, call.CallId);
            attempt.Number("ringSeconds").ShouldBe(call.RingSeconds, call.CallId);
            attempt.Number("talkSeconds").ShouldBe(call.TalkSeconds, call.CallId);
        }
    }

    private static async Task<JsonElement> ExplainAsync(string callId, string capture, params string[] trunks)
    {
        ProcessRun run = await AgentBinary.RunAsync(
            Token, ["explain", callId, capture, "--json", .. trunks.SelectMany(trunk => new[] { "--trunk", trunk })]);
        run.ExitCode.ShouldBe(0, run.Error);
        using JsonDocument document = JsonDocument.Parse(run.Output);
        document.RootElement.Text("callId").ShouldBe(callId);
        return document.RootElement.Clone();
    }

    private static IEnumerable<string> Reasons(JsonElement story) => story.Member("story").EnumerateArray()
        .Where(entry => entry.TryGetProperty("method", out _))
        .Select(entry => $"{entry.Number("status")?.ToString() ?? entry.Text("method")} {entry.Text("reason")}");

    private static string TextOf(JsonElement story, string reason) => story.Member("story").EnumerateArray()
        .First(entry => entry.TryGetProperty("reason", out JsonElement each) && each.GetString() == reason)
        .Text("text").ShouldNotBeNull();
}
