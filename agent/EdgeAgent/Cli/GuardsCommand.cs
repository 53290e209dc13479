using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using EdgeAgent.Guards;
using EdgeAgent.Telemetry;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent guards</c>: how every rule and number stands, from the running agent.</summary>
internal static class GuardsCommand
{
    private static readonly string[] RuleColumns = ["rule", "mode", "alerts"];
    private static readonly string[] AlertColumns = ["number", "rule", "since (UTC)", "action", "why"];

    private static readonly string[] NumberColumns =
        ["number", "standing", "until (UTC)", "by", "reason", "today", "60 min", "7 days", "answered", "reported"];

    public static Command Create()
    {
        Argument<string?> number = new("NUMBER") { Description = "One number, such as +33199000001 (default: all)", Arity = ArgumentArity.ZeroOrOne };
        Option<bool> all = new("--all") { Description = "Numbers in normal use too" };
        Option<bool> json = CommonOptions.Json();
        Option<string> socket = CommonOptions.Socket();
        ExampleCommand command = new(
            "guards",
            "Show how every rule and number stands: modes, standing alerts, numbers watched, suspended or on probation.",
            "edge-agent guards",
            "edge-agent guards +33199000001 --json")
        {
            number, all, json, socket,
        };
        command.SetAction(async (parse, cancellationToken) =>
        {
            string? wanted = parse.GetValue(number);
            using ControlClient client = new(parse.GetRequiredValue(socket));
            GuardsDocument answer = await client.GetAsync(
                wanted is null ? "v1/guards" : $"v1/guards?number={Uri.EscapeDataString(wanted)}", TelemetryJson.Plain.GuardsDocument, cancellationToken).ConfigureAwait(false);
            TextWriter output = parse.InvocationConfiguration.Output;
            if (parse.GetValue(json))
            {
                output.WriteLine(JsonSerializer.Serialize(answer, TelemetryJson.Plain.GuardsDocument));
            }
            else
            {
                Write(answer, wanted is not null || parse.GetValue(all), output);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static void Write(GuardsDocument answer, bool showsAll, TextWriter output)
    {
        output.WriteLine(answer.ObservingUntil is { } until
            ? $"rules only observe until {Utc(until)}Z: nothing is alerted or refused before"
            : $"policy {answer.PolicyHash[..12]}");
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{answer.Persons} persons remembered, {answer.PersonsForgotten} forgotten for want of memory; {answer.Consents} consents and refusals"));
        output.WriteLine();
        Terminal.WriteTable(output, RuleColumns, [.. answer.Rules.Select(rule => (string[])[rule.Rule, rule.Mode, Whole(rule.Alerts)])]);
        if (answer.Alerts.Count > 0)
        {
            output.WriteLine();
            Terminal.WriteTable(output, AlertColumns, [.. answer.Alerts.Select(alert =>
                (string[])[Terminal.Safe(alert.Number), alert.Rule, Utc(alert.Since), alert.Critical ? $"{alert.Action}, critical" : alert.Action, alert.Words])]);
        }

        GuardedNumberDocument[] numbers = [.. answer.Numbers.Where(each => showsAll || each.Standing != "active")];
        output.WriteLine();
        if (numbers.Length > 0)
        {
            Terminal.WriteTable(output, NumberColumns, [.. numbers.Select(Row)]);
        }

        int hidden = answer.Numbers.Count - numbers.Length;
        if (hidden > 0)
        {
            output.WriteLine($"{Whole(hidden)} numbers in normal use (--all shows them)");
        }
        else if (numbers.Length == 0)
        {
            output.WriteLine("no number has called yet");
        }
    }

    private static string[] Row(GuardedNumberDocument row) =>
    [
        Terminal.Safe(row.Number),
        row.Standing,
        row.Until is { } until ? Utc(until) : row.Ramp is int ramp ? $"{Whole(ramp)} a day" : "-",
        row.By ?? "-",
        Terminal.Safe(row.Reason ?? "-"),
        Whole(row.AttemptsToday),
        Whole(row.AttemptsThisHour),
        Whole(row.Attempts7Days),
        Percent(row.AnswerRate7Days),
        Percent(row.ReportRate7Days),
    ];

    private static string Utc(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string Whole(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Percent(double? rate) =>
        rate is double value ? value.ToString("P1", CultureInfo.InvariantCulture).Replace(" ", "", StringComparison.Ordinal) : "-";
}
