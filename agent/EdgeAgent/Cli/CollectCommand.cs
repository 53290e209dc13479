using System.CommandLine;
using System.Text;
using System.Text.Json;
using EdgeAgent.Collect;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent collect</c>: the central subscriber that keeps the books, and their report.</summary>
internal static class CollectCommand
{
    public static Command Create()
    {
        Option<string> into = new("--into") { Description = "The books: one file, made when it does not exist", HelpName = "FILE", Required = true };
        Option<bool> report = new("--report") { Description = "Print what the books say, and exit" };
        Option<string?> day = new("--day") { Description = "With --report: one civil day in Europe/Paris", HelpName = "YYYY-MM-DD" };
        Option<string?> from = new("--from") { Description = "With --report: first civil day; also gives a line per day", HelpName = "YYYY-MM-DD" };
        Option<string?> to = new("--to") { Description = "With --report: last civil day", HelpName = "YYYY-MM-DD" };
        Option<string?> key = new("--key") { Description = "Private key for anchors and replays (edge-agent keys new); without it neither is sent", HelpName = "FILE" };
        Option<string[]> enrol = new("--enrol") { Description = "Take over a new public key of this agent", HelpName = "ID" };
        Option<string> clientId = new("--client-id") { Description = "Client id at the broker; one per collector", HelpName = "NAME", DefaultValueFactory = _ => "edge-agent-collect" };
        Option<int> expiry = CommonOptions.Whole("--session-days", "Days the broker keeps what comes while the collector is away", "DAYS", 7, 1, 365);
        Option<int> anchors = CommonOptions.Whole("--anchor-minutes", "Minutes between two anchors of an agent", "MINUTES", 10, 1, 1_440);
        Option<int> silence = CommonOptions.Whole("--silent-minutes", "Minutes without a record after which an agent is silent", "MINUTES", 3, 1, 1_440);
        Option<int> reports = CommonOptions.Whole("--report-seconds", "Seconds between two reports beside the books", "SECONDS", 60, 1, 3_600);
        Option<int> agents = CommonOptions.Whole("--max-agents", "Agents in the books at most", "NUMBER", 10_000, 1, 100_000);
        Option<int> keep = CommonOptions.Whole("--keep-days", "Days a record is kept, its figures for ever; 0: all records for ever", "DAYS", 0, 0, 36_500);
        Option<bool> json = CommonOptions.Json();
        BrokerArguments broker = new();
        ExampleCommand command = new(
            "collect",
            "Subscribe to the agents of a broker and keep the books: each record once, checked, summed.",
            "edge-agent collect --broker mqtts://broker.example --into /var/lib/collect/books.db --key centre.key",
            "edge-agent collect --into /var/lib/collect/books.db --report --from 2026-05-01 --to 2026-05-31 --json")
        {
            into, report, day, from, to, key, enrol, clientId, expiry, anchors, silence, reports, agents, keep, json,
        };
        broker.AddTo(command);
        command.Validators.Add(result =>
        {
            string?[] days = [result.GetValue(day), result.GetValue(from), result.GetValue(to)];
            if (Array.Find(days, text => text is not null && !DaySpan.IsDay(text)) is string wrong)
            {
                result.AddError($"'{wrong}' is no date YYYY-MM-DD.");
            }
            else if (days[0] is not null && (days[1] ?? days[2]) is not null)
            {
                result.AddError("--day is one day: leave --from and --to out.");
            }
            else if (string.CompareOrdinal(days[1], days[2] ?? days[1]) > 0)
            {
                result.AddError($"--from {days[1]} is after --to {days[2]}.");
            }
        });
        command.SetAction((parse, cancellationToken) =>
        {
            TextWriter output = parse.InvocationConfiguration.Output;
            if (parse.GetValue(report))
            {
                return ReportAsync(
                    parse.GetRequiredValue(into), new DaySpan(parse.GetValue(day) ?? parse.GetValue(from), parse.GetValue(day) ?? parse.GetValue(to)), TimeSpan.FromMinutes(parse.GetValue(silence)), parse.GetValue(json), output, parse.InvocationConfiguration.Error, cancellationToken);
            }

            CollectOptions options = new()
            {
                Broker = broker.Read(parse),
                Into = parse.GetRequiredValue(into),
                ClientId = parse.GetRequiredValue(clientId),
                CommandPrefix = broker.CommandPrefix(parse),
                KeyFile = parse.GetValue(key),
                Enrol = parse.GetValue(enrol) ?? [],
                SessionExpiry = TimeSpan.FromDays(parse.GetValue(expiry)),
                AnchorInterval = TimeSpan.FromMinutes(parse.GetValue(anchors)),
                SilentAfter = TimeSpan.FromMinutes(parse.GetValue(silence)),
                ReportInterval = TimeSpan.FromSeconds(parse.GetValue(reports)),
                Tick = TimeSpan.FromSeconds(Math.Min(5, parse.GetValue(reports))),
                KeepRecords = parse.GetValue(keep) is int days and > 0 ? TimeSpan.FromDays(days) : null,
                MaxAgents = parse.GetValue(agents),
            };
            return RunAsync(options, parse.InvocationConfiguration.Error, cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(CollectOptions options, TextWriter error, CancellationToken cancellationToken)
    {
        if (options.KeyFile is null)
        {
            await error.WriteLineAsync("edge-agent: no --key: the collector neither anchors what it has nor asks for what is missing").ConfigureAwait(false);
        }

        Collector collector = new(options, TimeProvider.System, line => error.WriteLine($"edge-agent: {Terminal.Safe(line)}"));
        await using (collector.ConfigureAwait(false))
        {
            using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            using System.Runtime.InteropServices.PosixSignalRegistration terminate = Stop(System.Runtime.InteropServices.PosixSignal.SIGTERM, stop);
            using System.Runtime.InteropServices.PosixSignalRegistration interrupt = Stop(System.Runtime.InteropServices.PosixSignal.SIGINT, stop);
            await collector.RunAsync(stop.Token).ConfigureAwait(false);
        }

        return ExitCode.Ok;
    }

    private static System.Runtime.InteropServices.PosixSignalRegistration Stop(System.Runtime.InteropServices.PosixSignal signal, CancellationTokenSource stop) =>
        System.Runtime.InteropServices.PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });

    /// <summary>From the books, or, while a collector has them open, from the report it keeps beside them.</summary>
    private static async Task<int> ReportAsync(
        string path, DaySpan days, TimeSpan silentAfter, bool isJson, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            throw new CommandException(ExitCode.Unavailable, $"there are no books {path}");
        }

        byte[] report;
        if (BooksDesk.IsTaken(path))
        {
            string beside = BooksReport.PathBeside(path);
            if (!days.IsAllTime || !File.Exists(beside))
            {
                throw new CommandException(ExitCode.Unavailable, $"a collector has {path} open: {(days.IsAllTime ? "its first report comes within --report-seconds" : "the figures of days can be read when it is stopped")}");
            }

            report = await File.ReadAllBytesAsync(beside, cancellationToken).ConfigureAwait(false);
            await error.WriteLineAsync("edge-agent: a collector is running; this is the last report it wrote").ConfigureAwait(false);
        }
        else
        {
            BooksDesk desk = BooksDesk.Open(path, int.MaxValue, line => error.WriteLine($"edge-agent: {line}"));
            await using (desk.ConfigureAwait(false))
            {
                report = await desk.AskAsync(books => BooksReport.Write(books, days, silentAfter, TimeProvider.System.GetUtcNow()), cancellationToken).ConfigureAwait(false);
            }
        }

        using JsonDocument document = JsonDocument.Parse(report);
        if (isJson)
        {
            await output.WriteLineAsync(Encoding.UTF8.GetString(report)).ConfigureAwait(false);
        }
        else
        {
            BooksReport.Print(document.RootElement, output);
        }

        return BooksReport.IsGood(document.RootElement) ? ExitCode.Ok : ExitCode.Degraded;
    }
}
