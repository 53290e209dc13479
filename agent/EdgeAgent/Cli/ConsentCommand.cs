using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using EdgeAgent.Imports;
using EdgeAgent.Telemetry;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent consent</c>: what persons told clients, of the running agent.</summary>
internal static class ConsentCommand
{
    private static readonly string[] Columns = ["client", "persons", "consents", "refusals", "contracts", "appointments"];

    public static Command Create() => new("consent", "Import and count consents, refusals, contracts and appointments.")
    {
        Import(), Stats(), Purge(),
    };

    private static ExampleCommand Import()
    {
        Argument<string> file = new("FILE")
        {
            Description = "CSV with a header and the columns number, kind (consent, refusal, contract, appointment), at, and perhaps until; - for standard input",
        };
        Option<string?> client = new("--client") { Description = "Client it was told (default: numbers.client)", HelpName = "ID" };
        Option<bool> json = CommonOptions.Json();
        Option<string> socket = CommonOptions.Socket();
        ExampleCommand command = new(
            "import",
            "Import what persons told a client. Numbers become pseudonyms in the agent; the file is not kept. Importing a file twice changes nothing.",
            "edge-agent consent import consents.csv --client acme",
            "printf 'number,kind,at\\n0639981234,refusal,2026-11-20\\n' | edge-agent consent import -")
        {
            file, client, json, socket,
        };
        command.SetAction(async (parse, cancellationToken) =>
        {
            using ControlClient control = new(parse.GetRequiredValue(socket));
            string path = parse.GetRequiredValue(file);
            List<ImportFault> faults = [];
            List<ConsentLine> lines = [];
            ImportFile.Read(path, ["number", "kind", "at"], (line, value) =>
            {
                string until = value("until");
                if (!ImportTime.TryInstant(value("at"), out DateTimeOffset at))
                {
                    faults.Add(new ImportFault(line, "at is no date and no time with its offset"));
                }
                else if (until.Length > 0 && !ImportTime.TryInstant(until, out _))
                {
                    faults.Add(new ImportFault(line, "until is no date and no time with its offset"));
                }
                else
                {
                    DateTimeOffset? end = until.Length > 0 && ImportTime.TryInstant(until, out DateTimeOffset told) ? told : null;
                    lines.Add(new ConsentLine(line, value("number"), value("kind").ToLowerInvariant(), at, end));
                }
            });

            long taken = 0;
            long full = 0;
            foreach (ConsentLine[] part in lines.Chunk(ConsentImport.MaxLines))
            {
                ImportOutcome outcome = await control.PostAsync(
                    "v1/consents",
                    new ConsentLines(parse.GetValue(client), part),
                    TelemetryJson.Plain.ConsentLines,
                    TelemetryJson.Plain.ImportOutcome,
                    cancellationToken).ConfigureAwait(false);
                (taken, full) = (taken + outcome.Taken, full + outcome.Full);
                faults.AddRange(outcome.Faults);
            }

            ImportOutcome all = new(taken, full, [.. faults.OrderBy(fault => fault.Line)]);
            if (parse.GetValue(json))
            {
                parse.InvocationConfiguration.Output.WriteLine(JsonSerializer.Serialize(all, TelemetryJson.Plain.ImportOutcome));
            }
            else
            {
                parse.InvocationConfiguration.Output.WriteLine($"{Whole(taken)} lines taken, {Whole(all.Faults.Count)} could not be used");
                ImportReport.WriteFaults(path, all.Faults, parse.InvocationConfiguration.Error);
            }

            if (full > 0)
            {
                throw new CommandException(ExitCode.Unavailable, $"{Whole(full)} lines were refused: the agent keeps no more persons; see edge-agent consent purge");
            }

            return all.Faults.Count == 0 ? ExitCode.Ok : ExitCode.BadInput;
        });
        return command;
    }

    private static ExampleCommand Stats()
    {
        Option<bool> json = CommonOptions.Json();
        Option<string> socket = CommonOptions.Socket();
        ExampleCommand command = new("stats", "Count what is known, by client; no persons are shown.", "edge-agent consent stats") { json, socket };
        command.SetAction(async (parse, cancellationToken) =>
        {
            using ControlClient control = new(parse.GetRequiredValue(socket));
            ConsentsDocument answer =
                await control.GetAsync("v1/consents", TelemetryJson.Plain.ConsentsDocument, cancellationToken).ConfigureAwait(false);
            TextWriter output = parse.InvocationConfiguration.Output;
            if (parse.GetValue(json))
            {
                output.WriteLine(JsonSerializer.Serialize(answer, TelemetryJson.Plain.ConsentsDocument));
            }
            else if (answer.Clients.Count == 0)
            {
                output.WriteLine("nothing was imported");
            }
            else
            {
                Terminal.WriteTable(output, Columns, [.. answer.Clients.Select(each => (string[])
                    [each.Client, Whole(each.Persons), Whole(each.Consents), Whole(each.Refusals), Whole(each.Contracts), Whole(each.Appointments)])]);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static ExampleCommand Purge()
    {
        Option<bool> json = CommonOptions.Json();
        Option<string> socket = CommonOptions.Socket();
        ExampleCommand command = new(
            "purge", "Forget consents, contracts and appointments that are over. Refusals stay.", "edge-agent consent purge") { json, socket };
        command.SetAction(async (parse, cancellationToken) =>
        {
            using ControlClient control = new(parse.GetRequiredValue(socket));
            PurgedDocument answer = await control.PostAsync(
                "v1/consents/purge", new PurgedDocument(0), TelemetryJson.Plain.PurgedDocument, TelemetryJson.Plain.PurgedDocument, cancellationToken).ConfigureAwait(false);
            parse.InvocationConfiguration.Output.WriteLine(parse.GetValue(json)
                ? JsonSerializer.Serialize(answer, TelemetryJson.Plain.PurgedDocument)
                : $"{Whole(answer.Purged)} persons forgotten");
            return ExitCode.Ok;
        });
        return command;
    }

    private static string Whole(long value) => value.ToString(CultureInfo.InvariantCulture);
}
