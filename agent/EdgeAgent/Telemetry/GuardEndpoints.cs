using EdgeAgent.Configuration;
using EdgeAgent.Core.Guard.State;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Guards;
using EdgeAgent.Pipeline;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAgent.Telemetry;

/// <summary>What can be asked of guards, and ordered, over the control socket. Whoever may open it is the administrator.</summary>
internal static class GuardEndpoints
{
    /// <summary><c>GET /v1/guards?number=N</c>: a <see cref="GuardsDocument"/>.</summary>
    public static async Task Guards(HttpContext context)
    {
        string? text = context.Request.Query["number"];
        AgentOptions options = OptionsOf(context);
        NumberKey? number = StandingOrders.KeyOf(text, options);
        if (!string.IsNullOrWhiteSpace(text) && number is null)
        {
            await ControlEndpoints.RefuseAsync(context, StatusCodes.Status400BadRequest, "number is no telephone number").ConfigureAwait(false);
            return;
        }

        if (await DeskOrRefuseAsync(context).ConfigureAwait(false) is { } desk)
        {
            GuardsDocument answer =
                await desk.AskAsync((book, now) => GuardsDocument.Of(book, now, number), context.RequestAborted).ConfigureAwait(false);
            await ControlEndpoints.WriteAsync(context, StatusCodes.Status200OK, answer, TelemetryJson.Plain.GuardsDocument).ConfigureAwait(false);
        }
    }

    /// <summary><c>POST /v1/guards/standing</c> with a <see cref="StandingOrder"/>: answers with a <see cref="StandingDocument"/> when it is on disk.</summary>
    public static async Task Standing(HttpContext context)
    {
        StandingOrder? order = await RequestBody.ReadAsync(context, TelemetryJson.Plain.StandingOrder).ConfigureAwait(false);
        NumberKey? number = StandingOrders.KeyOf(order?.Number, OptionsOf(context));
        string? fault = order is null ? "this is no order"
            : number is null ? "the number is no telephone number"
            : order.Seconds is { } seconds && !(seconds >= StandingOrders.ShortestRest.TotalSeconds && seconds <= StandingOrders.LongestRest.TotalSeconds)
                ? "a number rests 1 minute to 3650 days"
            : StandingOrders.FaultOf(order.Reason);
        if (fault is not null)
        {
            await ControlEndpoints.RefuseAsync(context, StatusCodes.Status400BadRequest, fault).ConfigureAwait(false);
            return;
        }

        if (await DeskOrRefuseAsync(context).ConfigureAwait(false) is { } desk)
        {
            StandingDocument answer = await desk.OrderAsync(
                (book, now) => order!.Seconds is { } rest
                    ? StandingOrders.Suspend(book, now, number!.Value, TimeSpan.FromSeconds(rest), SuspendedBy.Administrator, order.Reason!)
                    : StandingOrders.Resume(book, now, number!.Value, SuspendedBy.Administrator, order.Reason!),
                context.RequestAborted).ConfigureAwait(false);
            await ControlEndpoints.WriteAsync(context, StatusCodes.Status200OK, answer, TelemetryJson.Plain.StandingDocument).ConfigureAwait(false);
        }
    }

    /// <summary>The desk; null where guards are not part of this run, which was answered.</summary>
    internal static async Task<GuardDesk?> DeskOrRefuseAsync(HttpContext context)
    {
        if (context.RequestServices.GetService<GuardDesk>() is { } desk)
        {
            return desk;
        }

        await ControlEndpoints.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "guards are not part of this run").ConfigureAwait(false);
        return null;
    }

    private static AgentOptions OptionsOf(HttpContext context) => context.RequestServices.GetRequiredService<ConfigurationState>().Current.Options;
}
