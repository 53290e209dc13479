using EdgeAgent.Configuration;
using EdgeAgent.Guards;
using EdgeAgent.Pipeline;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAgent.Telemetry;

/// <summary><c>POST /v1/check</c>: what guards would say of a call. Nothing is counted, and the called number is in no answer and no log.</summary>
internal static class CheckEndpoint
{
    /// <summary>Answers with a <see cref="CallAnswer"/>.</summary>
    public static async Task Check(HttpContext context)
    {
        AgentOptions options = context.RequestServices.GetRequiredService<ConfigurationState>().Current.Options;
        CallQuestion? question = await RequestBody.ReadAsync(context, TelemetryJson.Plain.CallQuestion).ConfigureAwait(false);
        string? fault = question is null ? "this is no question about a call" : question.Fault(options, options.Policy.Policy!);
        if (fault is not null)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, fault).ConfigureAwait(false);
            return;
        }

        if (context.RequestServices.GetService<GuardQuestions>() is not { } guards)
        {
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "guards are not part of this run").ConfigureAwait(false);
            return;
        }

        DateTimeOffset now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        CallAnswer answer = await guards.AskAsync(question!.FactsOf(options, now), context.RequestAborted).ConfigureAwait(false);
        await ControlEndpoints.WriteAsync(context, StatusCodes.Status200OK, answer, TelemetryJson.Plain.CallAnswer).ConfigureAwait(false);
    }

    private static Task RefuseAsync(HttpContext context, int status, string why) =>
        ControlEndpoints.WriteAsync(context, status, new ErrorDocument(why), ControlEndpoints.Error);
}
