using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EdgeAgent.Collect;
using EdgeAgent.Core.Commands;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent order</c>: signs an order, sends it and prints the replies.</summary>
internal static class OrderCommand
{
    public static Command Create()
    {
        Argument<string> name = new("NAME") { Description = $"One of {string.Join(", ", CommandNames.All)}" };
        Option<string> agent = new("--agent") { Description = "Agent id, or all", HelpName = "ID", Required = true };
        Option<string?> key = new("--key") { Description = "Private key to sign with (edge-agent keys new); ping needs none", HelpName = "FILE" };
        Option<string?> arguments = new("--arguments") { Description = "Arguments: one JSON object, or @FILE", HelpName = "JSON" };
        Option<int> timeout = CommonOptions.Whole("--timeout", "Seconds to wait for replies; 0: 10, or 40 for all, whose replies come with up to 30 s of jitter", "SECONDS", 0, 0, 3_600);
        Option<int> validity = CommonOptions.Whole("--valid", "Minutes for which the order is valid; an agent that is away gets it when it is back", "MINUTES", 10, 1, 10_080);
        Option<bool> json = CommonOptions.Json();
        BrokerArguments broker = new();
        ExampleCommand command = new(
            "order",
            "Sign an order to one agent or all, send it, and print the replies.",
            "edge-agent order ping --broker mqtts://broker.example --agent pbx-1",
            "edge-agent order replay --broker mqtts://broker.example --agent pbx-1 --key centre.key --arguments '{\"from\":1,\"to\":500}'")
        {
            name, agent, key, arguments, timeout, validity, json,
        };
        broker.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(name) is string given && !CommandNames.IsKnown(given))
            {
                result.AddError($"'{given}' is no order; known are {string.Join(", ", CommandNames.All)}.");
            }
            else if (result.GetValue(name) is string signed && signed != CommandNames.Ping && result.GetValue(key) is null)
            {
                result.AddError("--key is missing: every order but ping is signed.");
            }
        });
        command.SetAction((parse, cancellationToken) => RunAsync(
            new OrderRequest
            {
                Name = parse.GetRequiredValue(name),
                Agent = parse.GetRequiredValue(agent),
                Arguments = ReadArguments(parse.GetValue(arguments)),
                Broker = broker.Read(parse),
                CommandPrefix = broker.CommandPrefix(parse),
                Validity = TimeSpan.FromMinutes(parse.GetValue(validity)),
                Timeout = TimeSpan.FromSeconds(parse.GetValue(timeout) is > 0 and int given ? given : parse.GetRequiredValue(agent) == CommandNames.Fleet ? 40 : 10),
            },
            parse.GetValue(key),
            parse.GetValue(json),
            parse.InvocationConfiguration.Output,
            parse.InvocationConfiguration.Error,
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        OrderRequest request, string? keyFile, bool isJson, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        using ECDsa? key = keyFile is null ? null : OrderKey.Load(keyFile);
        int replies = 0;
        int done = 0;
        await foreach (string text in OrderSender.SendAsync(request, key, TimeProvider.System, cancellationToken).ConfigureAwait(false))
        {
            replies++;
            using JsonDocument document = JsonDocument.Parse(text);
            JsonElement reply = document.RootElement;
            bool isDone = Word(reply, "outcome") == "done";
            done += isDone ? 1 : 0;
            await output.WriteLineAsync(isJson
                ? text
                : Terminal.Safe($"{Word(reply, "agent")}: {Word(reply, "outcome")} {Word(reply, "cause")} {reply.GetProperty("result").GetRawText()}")).ConfigureAwait(false);
        }

        if (replies == 0)
        {
            await error.WriteLineAsync($"edge-agent: no reply within {request.Timeout.TotalSeconds:0} s: is {request.Agent} online (topic status), and may it read {request.CommandPrefix}/{request.Agent}/#?").ConfigureAwait(false);
            return ExitCode.Unavailable;
        }

        return done == replies ? ExitCode.Ok : ExitCode.Degraded;
    }

    private static string Word(JsonElement reply, string name) =>
        reply.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static byte[] ReadArguments(string? given)
    {
        byte[] content = given is null ? "{}"u8.ToArray() : given.StartsWith('@') ? File.ReadAllBytes(given[1..]) : Encoding.UTF8.GetBytes(given);
        try
        {
            using JsonDocument document = JsonDocument.Parse(content);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? content
                : throw new CommandException(ExitCode.Usage, "--arguments is no JSON object");
        }
        catch (JsonException fault)
        {
            throw new CommandException(ExitCode.Usage, $"--arguments is no JSON: {fault.Message}", fault);
        }
    }
}
