using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using EdgeAgent.Core.Evidence;
using EdgeAgent.Evidence;
using EdgeAgent.Store;
using EdgeAgent.Telemetry;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent verify</c>: whether records are whole and untouched. Exit 0 good, 1 something is wrong, 65 no records.</summary>
internal static class VerifyCommand
{
    private const string StandardInput = "-";

    public static Command Create()
    {
        Argument<string> input = new("FILE")
        {
            Description = "Exported records, what a subscriber wrote down (topic payload), a store directory or its journal.db; - for standard input",
            DefaultValueFactory = _ => StandardInput,
        };
        Option<string[]> keys = new("--public-key")
        {
            Description = "Public key the records must be signed with: PEM, or base64 as status and info show it (several: any of them)",
            HelpName = "FILE",
        };
        Option<string?> anchors = new("--anchors")
        {
            Description = "What the collector has had: one JSON object per line with epoch, seq and hash",
            HelpName = "FILE",
        };
        Option<bool> json = CommonOptions.Json();
        ExampleCommand command = new(
            "verify",
            "Check that records are signed, without holes and unchanged (exit 0 good, 1 something is wrong).",
            "edge-agent export | edge-agent verify --public-key pbx-1.pub -",
            "mosquitto_sub -v -t 'edgeagent/v1/#' > received.txt; edge-agent verify --public-key pbx-1.pub received.txt",
            "edge-agent verify --public-key pbx-1.pub /var/lib/edge-agent")
        {
            input, keys, anchors, json,
        };
        command.SetAction((parse, cancellationToken) => RunAsync(
            parse.GetRequiredValue(input),
            parse.GetValue(keys) ?? [],
            parse.GetValue(anchors),
            parse.GetValue(json),
            parse.InvocationConfiguration.Output,
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        string input, string[] keyFiles, string? anchors, bool isJson, TextWriter output, CancellationToken cancellationToken)
    {
        List<EvidenceKey> keys = [];
        try
        {
            keys.AddRange(keyFiles.Select(ReadKey));
            using RecordChain chain = new(keys);
            if (anchors is not null)
            {
                await EvidenceInput.ReadAnchorsAsync(anchors, chain, cancellationToken).ConfigureAwait(false);
            }

            await ReadAsync(input, chain, cancellationToken).ConfigureAwait(false);
            VerifyDocument document = VerifyDocument.From(input == StandardInput ? "standard input" : input, chain.Report());
            if (document.Records == 0 && document.FindingCount == 0)
            {
                throw new CommandException(ExitCode.BadInput, $"{document.Input} holds no record");
            }

            Write(document, isJson, output);
            return document.Good ? ExitCode.Ok : ExitCode.NotGenuine;
        }
        finally
        {
            keys.ForEach(key => key.Dispose());
        }
    }

    private static EvidenceKey ReadKey(string path)
    {
        string text = File.ReadAllText(path);
        return EvidenceKey.TryRead(text, out EvidenceKey? key)
            ? key!
            : throw new CommandException(ExitCode.BadInput, $"{path} is no public key of ECDSA P-256: PEM, or base64 as \"edge-agent status --json\" shows it");
    }

    private static async Task ReadAsync(string input, RecordChain chain, CancellationToken cancellationToken)
    {
        if (input != StandardInput && JournalReader.IsJournal(input))
        {
            using JournalReader journal = JournalReader.Open(input);
            EvidenceInput.ReadJournal(journal, chain);
            return;
        }

        Stream stream = input == StandardInput ? Console.OpenStandardInput() : File.OpenRead(input);
        await using (stream.ConfigureAwait(false))
        {
            await EvidenceInput.ReadLinesAsync(stream, chain, cancellationToken).ConfigureAwait(false);
        }
    }

    private static void Write(VerifyDocument document, bool isJson, TextWriter output)
    {
        if (isJson)
        {
            output.WriteLine(JsonSerializer.Serialize(document, TelemetryJson.Plain.VerifyDocument));
            return;
        }

        foreach (EpochSummary epoch in document.Epochs)
        {
            string explained = epoch.Explained == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {epoch.Explained} explained by tombstones");
            string copies = epoch.Copies == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {epoch.Copies} copies passed over");
            Line("epoch", string.Create(
                CultureInfo.InvariantCulture,
                $"{epoch.Epoch} of {epoch.Agent}: records {epoch.First} to {epoch.Last}, {epoch.Records} here{explained}{copies}"));
        }

        Line("key", document.Keys.Count == 0 ? "none" : string.Join(", ", document.Keys));
        foreach (string notice in document.Notices)
        {
            Line("note", notice);
        }

        foreach (string promise in document.Promises())
        {
            Line("reach", promise);
        }

        foreach (FindingDocument finding in document.Findings)
        {
            Line("BAD", finding.Text);
        }

        Line("result", document.Good
            ? string.Create(CultureInfo.InvariantCulture, $"good: {document.Records} records, signed and without a hole")
            : string.Create(CultureInfo.InvariantCulture, $"{document.FindingCount} findings; the first: {document.Findings[0].Text}"));

        void Line(string name, string text) => output.WriteLine($"{name,-8} {Terminal.Safe(text)}");
    }
}
