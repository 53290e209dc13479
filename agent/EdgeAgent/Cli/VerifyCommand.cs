using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using EdgeAgent.Configuration;
using EdgeAgent.Core.Evidence;
using EdgeAgent.Evidence;
using EdgeAgent.Store;
using EdgeAgent.Telemetry;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent verify</c>: whether records are whole and untouched. Exit 0 good, 1 something is wrong, 65 no records.</summary>
internal static class VerifyCommand
{
    private const string StandardInput = "-";

    private static readonly TimeSpan LongestListening = TimeSpan.FromDays(30);

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
        Option<string> agent = new("--agent") { Description = "With --broker: this agent only", HelpName = "ID", DefaultValueFactory = _ => "+" };
        Option<TimeSpan?> duration = new("--for")
        {
            Description = "With --broker: how long to listen; until interrupted without it",
            HelpName = "DURATION",
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                TimeSpan? parsed = Scalars.ReadDuration(text);
                if (parsed is not { Ticks: > 0 } || parsed > LongestListening)
                {
                    result.AddError($"--for: '{text}' is no duration such as 30s, 10min or 24h, 30 days at most.");
                }

                return parsed;
            },
        };
        BrokerArguments broker = new();
        Option<bool> json = CommonOptions.Json();
        ExampleCommand command = new(
            "verify",
            "Check that records are signed, without holes and unchanged (exit 0 good, 1 something is wrong).",
            "edge-agent export | edge-agent verify --public-key pbx-1.pub -",
            "mosquitto_sub -v -t 'edgeagent/v1/#' > received.txt; edge-agent verify --public-key pbx-1.pub received.txt",
            "edge-agent verify --public-key pbx-1.pub /var/lib/edge-agent",
            "edge-agent verify --broker mqtts://broker.example --agent pbx-1 --for 10min")
        {
            input, keys, anchors, agent, duration, json,
        };
        broker.AddTo(command, sends: false);
        command.Validators.Add(result =>
        {
            if (broker.IsGiven(result) && result.GetResult(input) is { Implicit: false })
            {
                result.AddError("give a FILE or --broker, not both.");
            }
        });
        command.SetAction((parse, cancellationToken) => RunAsync(
            parse.GetRequiredValue(input),
            broker.IsGiven(parse) ? new Listening(broker.Read(parse), parse.GetRequiredValue(agent), parse.GetValue(duration)) : null,
            parse.GetValue(keys) ?? [],
            parse.GetValue(anchors),
            parse.GetValue(json),
            parse.InvocationConfiguration.Output,
            parse.InvocationConfiguration.Error,
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        string file,
        Listening? listening,
        string[] keyFiles,
        string? anchors,
        bool isJson,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellationToken)
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

            if (listening is null)
            {
                await ReadAsync(file, chain, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await ListenAsync(listening, chain, line => error.WriteLine($"edge-agent: {Terminal.Safe(line)}"), cancellationToken).ConfigureAwait(false);
            }

            string input = listening is not null ? listening.Broker.Url : file == StandardInput ? "standard input" : file;
            VerifyDocument document = VerifyDocument.From(input, chain.Report());
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

    private static async Task ListenAsync(Listening listening, RecordChain chain, Action<string> say, CancellationToken cancellationToken)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using PosixSignalRegistration terminate = EndOn(PosixSignal.SIGTERM, end);
        using PosixSignalRegistration interrupt = EndOn(PosixSignal.SIGINT, end);
        if (listening.For is TimeSpan duration)
        {
            end.CancelAfter(duration);
        }

        await new BrokerListener(listening.Broker, listening.Agent, chain, say).RunAsync(end.Token).ConfigureAwait(false);
    }

    /// <summary>The first signal ends the listening, not the report on it.</summary>
    private static PosixSignalRegistration EndOn(PosixSignal signal, CancellationTokenSource end) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        end.Cancel();
    });

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

    private sealed record Listening(MqttOptions Broker, string Agent, TimeSpan? For);
}
