using System.CommandLine;
using System.Globalization;
using System.Text;
using EdgeAgent.Telemetry;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent numbers</c>: the figures of one day per number, from the running agent.</summary>
internal static class NumbersCommand
{
    private static readonly string[] Columns =
        ["number", "attempts", "answered", "rate", "talk s", "ACD s", "open", "call-backs", "hours", "cap", "other rules"];

    public static Command Create()
    {
        Argument<string?> number = new("NUMBER") { Description = "One number, such as +33199000001 (default: all)", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> day = new("--day") { Description = "Civil day in Europe/Paris (default: today)", HelpName = "YYYY-MM-DD" };
        Option<bool> json = CommonOptions.Json();
        Option<string> socket = CommonOptions.Socket();
        number.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && result.Tokens[0].Value.StartsWith('-'))
            {
                result.AddError($"'{result.Tokens[0].Value}' is neither a number nor an option of this command.");
            }
        });
        day.Validators.Add(result =>
        {
            string? text = result.GetValueOrDefault<string?>();
            if (text is not null && !DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            {
                result.AddError($"'{text}' is no date YYYY-MM-DD.");
            }
        });
        ExampleCommand command = new(
            "numbers",
            "Show the figures of one day per number.",
            "edge-agent numbers",
            "edge-agent numbers +33199000001 --day 2026-03-02 --json")
        {
            number, day, json, socket,
        };
        command.SetAction(async (parse, cancellationToken) =>
        {
            using ControlClient client = new(parse.GetRequiredValue(socket));
            string question = Question(parse.GetValue(day), parse.GetValue(number));
            TextWriter output = parse.InvocationConfiguration.Output;
            if (parse.GetValue(json))
            {
                await client.ReadLinesAsync(question, line => output.WriteLine(Encoding.UTF8.GetString(line)), cancellationToken).ConfigureAwait(false);
            }
            else
            {
                NumbersDocument answer = await client.GetAsync(
                    question, TelemetryJson.Plain.NumbersDocument, cancellationToken).ConfigureAwait(false);
                Write(answer, parse.GetValue(number), output);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static string Question(string? day, string? number)
    {
        IEnumerable<string> parts = new[] { ("day", day), ("number", number) }
            .Where(part => part.Item2 is not null)
            .Select(part => $"{part.Item1}={Uri.EscapeDataString(part.Item2!)}");
        return $"v1/numbers?{string.Join('&', parts)}";
    }

    private static void Write(NumbersDocument answer, string? number, TextWriter output)
    {
        if (answer.Numbers.Count == 0)
        {
            output.WriteLine($"no calls{(number is null ? "" : $" of {Terminal.Safe(number)}")} on {answer.Day:yyyy-MM-dd}");
            return;
        }

        Terminal.WriteTable(output, Columns, [.. answer.Numbers.Select(Row)]);
    }

    private static string[] Row(NumberDocument row) =>
    [
        row.Number,
        Whole(row.Attempts),
        Whole(row.Answered),
        row.AnswerRate is double rate ? rate.ToString("P1", CultureInfo.InvariantCulture).Replace(" ", "", StringComparison.Ordinal) : "-",
        row.TalkSeconds.ToString("F0", CultureInfo.InvariantCulture),
        row.AcdSeconds is double acd ? acd.ToString("F1", CultureInfo.InvariantCulture) : "-",
        Whole(row.Open),
        Whole(row.Inbound.Attempts),
        Whole(row.Guards.GetValueOrDefault("hours")),
        Whole(row.Guards.GetValueOrDefault("dailyCap")),
        Whole(row.Guards.Where(hit => hit.Key is not ("hours" or "dailyCap") && !hit.Key.EndsWith("Alerts", StringComparison.Ordinal)).Sum(hit => hit.Value)),
    ];

    private static string Whole(long value) => value.ToString(CultureInfo.InvariantCulture);
}
