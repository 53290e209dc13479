using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Guard.Policy;
using EdgeAgent.Core.Guard.State;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Guards;
using EdgeAgent.Telemetry;
using NodaTime;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent check</c>: what guards would say of a call, and why.</summary>
internal static class CheckCommand
{
    private static readonly DateTimeZone Paris = DateTimeZoneProviders.Tzdb["Europe/Paris"];
    private static readonly string[] Columns = ["rule", "action", "asked", "allowed again", "why", "law"];

    public static Command Create()
    {
        Option<string> from = new("--from") { Description = "Caller ID to be shown, or anonymous", HelpName = "NUMBER", Required = true };
        Option<string> to = new("--to") { Description = "Number to be called; it is neither logged nor printed", HelpName = "NUMBER", Required = true };
        Option<DateTimeOffset?> at = CommonOptions.Time("--at", "Moment of the call; default: now");
        Option<string?> campaign = new("--campaign") { Description = "Campaign of the policy (default: by number and trunk)", HelpName = "ID" };
        Option<string?> trunk = new("--trunk") { Description = "Trunk the call would go over", HelpName = "NAME" };
        Option<string?> policy = new("--policy", "-p") { Description = "Judge by this policy alone, without asking the running agent", HelpName = "FILE" };
        Option<string> config = CommonOptions.Config();
        Option<string> socket = CommonOptions.Socket();
        Option<bool> json = CommonOptions.Json();
        ExampleCommand command = new(
            "check",
            "Say whether a call would be allowed, and what every rule says of it (exit 0 allowed, 1 blocked). The running agent is asked, "
            + "counts and suspensions included; where none runs the policy alone decides. Nothing is counted.",
            "edge-agent check --from +33162000001 --to 0639981234",
            "edge-agent check --from +33162000001 --to 0692123456 --at 2026-11-24T10:30:00+01:00 --trunk carrier-a")
        {
            from, to, at, campaign, trunk, policy, config, socket, json,
        };
        command.SetAction(async (parse, cancellationToken) =>
        {
            CallQuestion question = new()
            {
                From = parse.GetRequiredValue(from),
                To = parse.GetRequiredValue(to),
                At = parse.GetValue(at),
                Campaign = parse.GetValue(campaign),
                Trunk = parse.GetValue(trunk),
            };
            string? file = parse.GetValue(policy);
            CallAnswer? answer = file is null ? await AskAsync(parse.GetRequiredValue(socket), question, cancellationToken).ConfigureAwait(false) : null;
            answer ??= ByPolicyAlone(question, file, parse.GetRequiredValue(config), parse.InvocationConfiguration.Error);
            if (answer is null)
            {
                return ExitCode.Config;
            }

            TextWriter output = parse.InvocationConfiguration.Output;
            if (parse.GetValue(json))
            {
                output.WriteLine(JsonSerializer.Serialize(answer, TelemetryJson.Plain.CallAnswer));
            }
            else
            {
                Write(answer, output);
            }

            return answer.IsAllowed ? ExitCode.Ok : ExitCode.Blocked;
        });
        return command;
    }

    /// <summary>Null when no agent is running.</summary>
    private static async Task<CallAnswer?> AskAsync(string socket, CallQuestion question, CancellationToken cancellationToken)
    {
        using ControlClient client = new(socket);
        try
        {
            return await client
                .PostAsync("v1/check", question, TelemetryJson.Plain.CallQuestion, TelemetryJson.Plain.CallAnswer, cancellationToken).ConfigureAwait(false);
        }
        catch (CommandException fault) when (fault.ExitCode == ExitCode.NotRunning)
        {
            return null;
        }
    }

    /// <summary>Null when the policy is faulty, which was reported.</summary>
    private static CallAnswer? ByPolicyAlone(CallQuestion question, string? file, string config, TextWriter error)
    {
        if (CaptureInput.LoadOptions(File.Exists(config) ? config : null, [], error) is not { } options)
        {
            return null;
        }

        PolicyFile policy = file is null ? new PolicyFile("the configured policy", options.Policy) : PolicyFile.Read(file);
        if (!policy.IsGood(error))
        {
            return null;
        }

        GuardPolicy rules = policy.Result.Policy! with { DefaultClient = options.Numbers.Client, ObserveFor = TimeSpan.Zero };
        if (question.Fault(options, rules) is { } fault)
        {
            throw new CommandException(ExitCode.Usage, fault);
        }

        GuardBook book = new(rules, new GuardState(new GuardLimits(), rules.Alerts), Silence.Instance);
        return CallAnswer.Of(book, question.FactsOf(options, TimeProvider.System.GetUtcNow()), usesState: false);
    }

    private static void Write(CallAnswer answer, TextWriter output)
    {
        string verdict = answer.IsAllowed ? "allowed" : "blocked";
        output.WriteLine(Terminal.Safe($"{answer.Number} at {Civil(answer.At)}: {verdict}{(answer.Rule is null ? "" : $" ({answer.Rule})")}"));
        if (!answer.IsAllowed)
        {
            output.WriteLine(answer.AllowedAt is { } free ? $"allowed again {Civil(free)}" : "time alone does not make it allowed");
        }

        if (answer.Hits.Count > 0)
        {
            output.WriteLine();
            Terminal.WriteTable(output, Columns, [.. answer.Hits.Select(hit => (string[])
                [hit.Rule, hit.Action, hit.Asked, hit.AllowedAt is { } free ? Civil(free) : "-", hit.Words, hit.Reference ?? "-"])]);
            output.WriteLine();
        }

        output.WriteLine(answer.UsesState
            ? "Judged by the running agent, with its counts, suspensions and consents."
            : "Judged by the policy alone: no counts, suspensions or consents were looked at.");
    }

    private static string Civil(DateTimeOffset at) =>
        OffsetDateTime.FromDateTimeOffset(at).InZone(Paris).ToString("uuuu-MM-dd HH:mm:ss z", CultureInfo.InvariantCulture);

    /// <summary>A question raises no alert.</summary>
    private sealed class Silence : IGuardOutput
    {
        public static Silence Instance { get; } = new();

        public void OnAlert(in AlertEvent alert)
        {
            // nothing is counted
        }

        public void OnStanding(NumberKey number, in StandingStep step)
        {
            // nothing is counted
        }
    }
}
