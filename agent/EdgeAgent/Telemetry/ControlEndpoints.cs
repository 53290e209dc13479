using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Numbers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAgent.Telemetry;

/// <summary>What can be asked over the control socket.</summary>
internal static class ControlEndpoints
{
    private const int FlushBytes = 65_536;

    private static readonly JsonTypeInfo<ErrorDocument> Error = TelemetryJson.Plain.ErrorDocument;

    /// <summary>Routes the questions.</summary>
    public static void MapControl(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/status", (RequestDelegate)Status);
        routes.MapGet("/v1/numbers", (RequestDelegate)Numbers);
        routes.MapGet("/v1/records", (RequestDelegate)RecordEndpoints.Records);
        routes.MapGet("/v1/outbox", (RequestDelegate)RecordEndpoints.Outbox);
        routes.MapPost("/v1/reconciliations", (RequestDelegate)ReconciliationEndpoint.Record);
        routes.MapPost("/v1/check", (RequestDelegate)CheckEndpoint.Check);
        routes.MapGet("/v1/guards", (RequestDelegate)GuardEndpoints.Guards);
        routes.MapPost("/v1/guards/standing", (RequestDelegate)GuardEndpoints.Standing);
        routes.MapGet("/v1/consents", (RequestDelegate)ImportEndpoints.Consents);
        routes.MapPost("/v1/consents", (RequestDelegate)ImportEndpoints.TakeConsents);
        routes.MapPost("/v1/consents/purge", (RequestDelegate)ImportEndpoints.PurgeConsents);
        routes.MapPost("/v1/reports", (RequestDelegate)ImportEndpoints.TakeReports);
    }

    private static Task Status(HttpContext context) => WriteAsync(
        context,
        StatusCodes.Status200OK,
        context.RequestServices.GetRequiredService<StatusReporter>().Report(),
        TelemetryJson.Plain.StatusDocument);

    private static async Task Numbers(HttpContext context)
    {
        string? dayText = context.Request.Query["day"];
        string? numberText = context.Request.Query["number"];
        DateOnly today = new ParisDay().Of(context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow());
        DateOnly day = today;
        if (dayText is not null && !DateOnly.TryParseExact(dayText, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day))
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "day is no date YYYY-MM-DD").ConfigureAwait(false);
            return;
        }

        IEnumerable<KeyValuePair<NumberKey, NumberCounters>> rows = await RowsAsync(context, day, today).ConfigureAwait(false);
        if (!string.IsNullOrWhiteSpace(numberText))
        {
            string wanted = NumberNames.Normalise(
                numberText, context.RequestServices.GetRequiredService<ConfigurationState>().Current.Options);
            rows = rows.Where(row => string.Equals(row.Key.ToString(), wanted, StringComparison.OrdinalIgnoreCase));
        }

        await WriteNumbersAsync(
            context,
            day,
            rows.OrderByDescending(r => r.Value.Attempts).ThenBy(r => r.Key.ToString(), StringComparer.Ordinal)).ConfigureAwait(false);
    }

    private static async Task WriteNumbersAsync(HttpContext context, DateOnly day, IEnumerable<KeyValuePair<NumberKey, NumberCounters>> rows)
    {
        context.Response.ContentType = "application/json";
        Utf8JsonWriter writer = new(context.Response.Body, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        await using (writer.ConfigureAwait(false))
        {
            writer.WriteStartObject();
            writer.WriteString("day", day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            writer.WriteStartArray("numbers");
            foreach ((NumberKey number, NumberCounters counters) in rows)
            {
                NumberJson.WriteRow(writer, number.ToString(), counters);
                if (writer.BytesPending > FlushBytes)
                {
                    await writer.FlushAsync(context.RequestAborted).ConfigureAwait(false);
                }
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }
    }

    // The running minute is only in the signalling loop's picture, past days only in the store.
    private static async ValueTask<IEnumerable<KeyValuePair<NumberKey, NumberCounters>>> RowsAsync(HttpContext context, DateOnly day, DateOnly today)
    {
        if (day == today)
        {
            return context.RequestServices.GetService<ISignallingStatusSource>()?.Current?.Today ?? [];
        }

        IDayNumbersSource? past = context.RequestServices.GetService<IDayNumbersSource>();
        return past is null ? [] : await past.ReadDayAsync(day, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>Answers that it will not answer, and why.</summary>
    internal static Task RefuseAsync(HttpContext context, int status, string why) => WriteAsync(context, status, new ErrorDocument(why), Error);

    /// <summary>Answers with one document.</summary>
    internal static Task WriteAsync<T>(HttpContext context, int status, T body, JsonTypeInfo<T> type)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return JsonSerializer.SerializeAsync(context.Response.Body, body, type, context.RequestAborted);
    }
}
