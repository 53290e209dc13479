using System.Buffers;
using System.CommandLine;
using System.Globalization;
using EdgeAgent.Configuration;
using EdgeAgent.Store;
using EdgeAgent.Telemetry;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent export</c>: the signed records as JSON lines, byte for byte as they are sent.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        Option<string?> from = Bound("--from", "First record: a sequence number, or the time from which records were stored");
        Option<string?> to = Bound("--to", "Last record: a sequence number, or the time before which records were stored");
        Option<string> socket = CommonOptions.Socket();
        Option<string> store = new("--store")
        {
            Description = "Store directory: epochs kept aside, and the journal when no agent is running",
            HelpName = "PATH",
            DefaultValueFactory = _ => new StoreOptions().Directory,
        };
        ExampleCommand command = new(
            "export",
            "Write the signed records that are still here as JSON lines, byte for byte: of all epochs, or of the running one where a bound is a number.",
            "edge-agent export > records.jsonl",
            "edge-agent export --from 2026-11-24T00:00:00Z --to 2026-11-25T00:00:00Z | edge-agent verify --public-key pbx-1.pub -")
        {
            from, to, socket, store,
        };
        command.SetAction((parse, cancellationToken) =>
        {
            bool isNumbered = Seq(parse.GetValue(from)) is not null || Seq(parse.GetValue(to)) is not null;
            bool isTheirs = parse.GetResult(socket) is { Implicit: false } && parse.GetResult(store) is not { Implicit: false };
            return RunAsync(
                Range(parse.GetValue(from), parse.GetValue(to)),
                parse.GetRequiredValue(socket),
                parse.GetRequiredValue(store),
                hasAside: !isNumbered && !isTheirs, // a number means another record in each epoch; another socket, another store
                parse.InvocationConfiguration.Output,
                parse.InvocationConfiguration.Error,
                cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        RecordRange range, string socket, string store, bool hasAside, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        using RecordOutput records = new(output);
        foreach (string aside in hasAside ? JournalReader.KeptAside(store) : [])
        {
            WriteAside(aside, range, records, error);
        }

        await JournalLines.ReadAsync(socket, store, range, records.WriteLine, cancellationToken).ConfigureAwait(false);
        return ExitCode.Ok;
    }

    /// <summary>An epoch that ended with its file: as much of it as can still be read.</summary>
    private static void WriteAside(string path, RecordRange range, RecordOutput records, TextWriter error)
    {
        try
        {
            using JournalReader journal = JournalReader.Open(path);
            foreach (JournalRecord record in journal.Records(range.From, range.To).Where(record => range.Contains(record)))
            {
                records.WriteLine(new ReadOnlySequence<byte>(record.Payload));
            }
        }
        catch (StoreUnavailableException fault)
        {
            error.WriteLine($"edge-agent: {Terminal.Safe(fault.Message)}; what follows it is not written");
        }
    }

    private static RecordRange Range(string? from, string? to) =>
        new(Seq(from) ?? 1, Seq(to) ?? long.MaxValue, Seq(from) is null ? Time(from) : null, Seq(to) is null ? Time(to) : null);

    private static Option<string?> Bound(string name, string description)
    {
        Option<string?> option = new(name) { Description = description, HelpName = "SEQ|TIME" };
        option.Validators.Add(result =>
        {
            string? text = result.GetValueOrDefault<string?>();
            if (text is not null && Seq(text) is null && Time(text) is null)
            {
                result.AddError($"{name}: '{text}' is neither a sequence number nor a time such as 2026-11-24T10:00:00Z.");
            }
        });
        return option;
    }

    private static long? Seq(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long seq) ? seq : null;

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time : null;
}
