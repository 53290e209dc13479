using System.CommandLine;
using System.Globalization;
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
        Option<string> store = JournalLines.Store();
        ExampleCommand command = new(
            "export",
            "Write the signed records that are still here as JSON lines, byte for byte.",
            "edge-agent export > records.jsonl",
            "edge-agent export --from 2026-11-24T00:00:00Z --to 2026-11-25T00:00:00Z | edge-agent verify --public-key pbx-1.pub -")
        {
            from, to, socket, store,
        };
        command.SetAction((parse, cancellationToken) => RunAsync(
            Range(parse.GetValue(from), parse.GetValue(to)),
            parse.GetRequiredValue(socket),
            parse.GetRequiredValue(store),
            parse.InvocationConfiguration.Output,
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        RecordRange range, string socket, string store, TextWriter output, CancellationToken cancellationToken)
    {
        using RecordOutput records = new(output);
        await JournalLines.ReadAsync(socket, store, range, records.WriteLine, cancellationToken).ConfigureAwait(false);
        return ExitCode.Ok;
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
