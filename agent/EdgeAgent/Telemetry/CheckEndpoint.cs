using EdgeAgent.Configuration;
using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Guards;
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
            await ControlEndpoints.RefuseAsync(context, StatusCodes.Status400BadRequest, fault).ConfigureAwait(false);
            return;
        }

        if (await GuardEndpoints.DeskOrRefuseAsync(context).ConfigureAwait(false) is not { } desk)
        {
            return;
        }

        DateTimeOffset now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        PersonPseudonymiser pseudonymiser = context.RequestServices.GetRequiredService<PersonPseudonymiser>();
        GuardFacts facts = question!.FactsOf(options, now);
        if (facts.Person.IsNumber)
        {
            facts = facts with { PersonKey = pseudonymiser.KeyOf(facts.Person), FormerPersonKey = pseudonymiser.Former?.KeyOf(facts.Person) ?? 0 };
        }

        CallAnswer answer = await desk.AskAsync((book, _) => CallAnswer.Of(book, facts, usesState: true), context.RequestAborted).ConfigureAwait(false);
        await ControlEndpoints.WriteAsync(context, StatusCodes.Status200OK, answer, TelemetryJson.Plain.CallAnswer).ConfigureAwait(false);
    }
}
