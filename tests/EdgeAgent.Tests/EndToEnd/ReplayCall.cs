using System.Text.Json;
using Shouldly;

namespace EdgeAgent.Tests.EndToEnd;

/// <summary>One row of <c>calls</c> in the replay JSON.</summary>
internal sealed record ReplayCall(
    string CallId,
    DateTimeOffset Start,
    string Direction,
    string Number,
    string? Person,
    string? Trunk,
    string? Disposition,
    int? Status,
    DateTimeOffset? AnsweredAt,
    DateTimeOffset? EndedAt,
    string? EndEvidence,
    string? HungUpBy,
    double? RingSeconds,
    double? TalkSeconds)
{
    /// <summary>Reads a row.</summary>
    public static ReplayCall Parse(JsonElement row)
    {
        double? status = row.Number("status");
        return new ReplayCall(
            row.Text("callId").ShouldNotBeNull(),
            row.Instant("start").ShouldNotBeNull(),
            row.Text("direction").ShouldNotBeNull(),
            row.Text("number").ShouldNotBeNull(),
            row.Text("person"),
            row.Text("trunk"),
            row.Text("disposition"),
            status is null ? null : (int)status,
            row.Instant("answeredAt"),
            row.Instant("endedAt"),
            row.Text("endEvidence"),
            row.Text("hungUpBy"),
            row.Number("ringSeconds"),
            row.Number("talkSeconds"));
    }
}
