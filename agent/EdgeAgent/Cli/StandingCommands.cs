using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using EdgeAgent.Configuration;
using EdgeAgent.Guards;
using EdgeAgent.Telemetry;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent suspend</c> and <c>edge-agent resume</c>: orders of the administrator on one number.</summary>
internal static class StandingCommands
{
    /// <summary>Takes a number out of service.</summary>
    public static Command CreateSuspend()
    {
        Argument<string> number = Number();
        Option<string> rest = new("--for") { Description = "How long, 1 min to 3650 d, such as 28d", HelpName = "DURATION", Required = true };
        Option<string> reason = Reason();
        rest.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && RestOf(text) is null)
            {
                result.AddError($"'{text}' is no duration from 1 min to 3650 d (units min, h, d).");
            }
        });
        Option<bool> json = CommonOptions.Json();
        Option<string> socket = CommonOptions.Socket();
        ExampleCommand command = new(
            "suspend",
            "Take a number out of service: outbound calls with it break a rule until then, call-backs are untouched. The order is recorded and published.",
            "edge-agent suspend +33199000001 --for 28d --reason \"complaints\"")
        {
            number, rest, reason, json, socket,
        };
        command.SetAction((parse, cancellationToken) => RunAsync(
            parse,
            new StandingOrder(parse.GetRequiredValue(number), RestOf(parse.GetRequiredValue(rest))!.Value.TotalSeconds, parse.GetRequiredValue(reason)),
            parse.GetRequiredValue(socket),
            parse.GetValue(json),
            cancellationToken));
        return command;
    }

    /// <summary>Puts a suspended number on probation.</summary>
    public static Command CreateResume()
    {
        Argument<string> number = Number();
        Option<string> reason = Reason();
        Option<bool> json = CommonOptions.Json();
        Option<string> socket = CommonOptions.Socket();
        ExampleCommand command = new(
            "resume",
            "Put a suspended number on probation. What a rule or the client suspended only the client's signed order resumes early.",
            "edge-agent resume +33199000001 --reason \"checked with the client\"")
        {
            number, reason, json, socket,
        };
        command.SetAction((parse, cancellationToken) => RunAsync(
            parse,
            new StandingOrder(parse.GetRequiredValue(number), null, parse.GetRequiredValue(reason)),
            parse.GetRequiredValue(socket),
            parse.GetValue(json),
            cancellationToken));
        return command;
    }

    private static Argument<string> Number() => new("NUMBER") { Description = "The company's number, such as +33199000001" };

    private static Option<string> Reason()
    {
        Option<string> reason = new("--reason") { Description = "Why, at most 200 characters; it is published", HelpName = "TEXT", Required = true };
        reason.Validators.Add(result =>
        {
            if (StandingOrders.FaultOf(result.GetValueOrDefault<string>()) is { } fault)
            {
                result.AddError($"{fault}.");
            }
        });
        return reason;
    }

    private static TimeSpan? RestOf(string text) =>
        Scalars.ReadDuration(text) is { } rest && rest >= StandingOrders.ShortestRest && rest <= StandingOrders.LongestRest ? rest : null;

    private static async Task<int> RunAsync(ParseResult parse, StandingOrder order, string socket, bool isJson, CancellationToken cancellationToken)
    {
        using ControlClient client = new(socket);
        StandingDocument answer = await client.PostAsync(
            "v1/guards/standing", order, TelemetryJson.Plain.StandingOrder, TelemetryJson.Plain.StandingDocument, cancellationToken).ConfigureAwait(false);
        TextWriter output = parse.InvocationConfiguration.Output;
        if (isJson)
        {
            output.WriteLine(JsonSerializer.Serialize(answer, TelemetryJson.Plain.StandingDocument));
        }
        else
        {
            string until = answer.Until is { } end
                ? $" until {end.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)}Z by {answer.By}"
                : "";
            output.WriteLine($"{answer.Number} {(answer.Changed ? "is now" : "stays")} {answer.Standing}{until}");
            if (!answer.Changed)
            {
                output.WriteLine(order.Seconds is null
                    ? answer.Standing == "suspended"
                        ? "what a rule or the client suspended only the client's signed order resumes early"
                        : "it is not suspended"
                    : "it rests as long already");
            }
        }

        return answer.Changed ? ExitCode.Ok : ExitCode.Degraded;
    }
}
