using EdgeAgent.Core.Guard.Rules;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Pipeline;
using EdgeAgent.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAgent.Telemetry;

/// <summary><c>POST /v1/reconciliations</c>: somebody compared a file of calls with the journal; the outcome becomes a record.</summary>
internal static class ReconciliationEndpoint
{
    /// <summary>Answers when the record is on disk.</summary>
    public static async Task Record(HttpContext context)
    {
        if (context.RequestServices.GetService<IJournal>() is not { } journal)
        {
            await ControlEndpoints.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "the journal is not part of this run").ConfigureAwait(false);
            return;
        }

        ReconciliationDocument? told =
            await RequestBody.ReadAsync(context, TelemetryJson.Plain.ReconciliationDocument).ConfigureAwait(false);
        if (told?.ToEvent(context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow()) is not { } happened)
        {
            await ControlEndpoints.RefuseAsync(context, StatusCodes.Status400BadRequest, "this is no outcome of a reconciliation").ConfigureAwait(false);
            return;
        }

        journal.Record(happened);
        if (context.RequestServices.GetService<GuardDesk>() is { } desk
            && BlindnessRule.OfReconciliation(happened.Reconciliation!.Share, happened.Reconciliation.Calls) is { } hit)
        {
            await desk.OrderAsync(
                (book, now) =>
                {
                    book.OnAgent(hit, now);
                    return true;
                },
                context.RequestAborted).ConfigureAwait(false);
        }

        await journal.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        await ControlEndpoints.WriteAsync(
            context, StatusCodes.Status200OK, new RecordedDocument(journal.Status.LastSeq), TelemetryJson.Plain.RecordedDocument).ConfigureAwait(false);
    }
}

/// <summary>What <c>edge-agent reconcile</c> tells the running agent.</summary>
internal sealed record ReconciliationDocument
{
    public required DateTimeOffset From { get; init; }

    public required DateTimeOffset To { get; init; }

    public required long Calls { get; init; }

    public required long Matched { get; init; }

    public required long Missing { get; init; }

    public required long Extra { get; init; }

    public required long Blind { get; init; }

    public required long Unreadable { get; init; }

    public required double Share { get; init; }

    public required string FileHash { get; init; }

    /// <summary>As an event; null when the figures contradict each other.</summary>
    public AgentEvent? ToEvent(DateTimeOffset now) =>
        From < To && Matched >= 0 && Missing >= 0 && Extra >= 0 && Blind >= 0 && Unreadable >= 0 && Calls == Matched + Missing + Blind
        && Share is >= 0 and <= 1 && FileHash is { Length: 64 } && FileHash.All(char.IsAsciiHexDigitLower)
            ? new AgentEvent
            {
                Kind = AgentEventKind.Reconciliation,
                At = now,
                From = From.ToUniversalTime(),
                To = To.ToUniversalTime(),
                Reconciliation = new ReconciledCalls
                {
                    Calls = Calls,
                    Matched = Matched,
                    Missing = Missing,
                    Extra = Extra,
                    Blind = Blind,
                    Unreadable = Unreadable,
                    Share = Share,
                    FileHash = FileHash,
                },
            }
            : null;
}

/// <summary>Something was recorded.</summary>
/// <param name="LastSeq">Number of the last record when it was on disk.</param>
internal sealed record RecordedDocument(long LastSeq);
