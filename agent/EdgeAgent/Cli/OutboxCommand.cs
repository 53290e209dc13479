using System.Buffers;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using EdgeAgent.Telemetry;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent outbox</c>: what waits for the broker and what was sent, byte for byte.</summary>
internal static class OutboxCommand
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        Option<bool> follow = new("--follow", "-f") { Description = "Go on showing records as they are made, and what was sent meanwhile" };
        Option<bool> json = CommonOptions.Json();
        Option<string> socket = CommonOptions.Socket();
        ExampleCommand command = new(
            "outbox",
            "Show what waits for the broker, or the last records when nothing does, byte for byte.",
            "edge-agent outbox",
            "edge-agent outbox --follow",
            "edge-agent outbox --json | jq -r 'select(.payload).payload'")
        {
            follow, json, socket,
        };
        command.SetAction(async (parse, cancellationToken) =>
        {
            using ControlClient client = new(parse.GetRequiredValue(socket));
            using RecordOutput output = new(parse.InvocationConfiguration.Output);
            View view = new(parse.InvocationConfiguration.Output, output, parse.GetValue(json));
            await client.ReadLinesAsync("v1/outbox", view.Show, cancellationToken).ConfigureAwait(false);
            while (parse.GetValue(follow))
            {
                await Task.Delay(Poll, cancellationToken).ConfigureAwait(false);
                await client.ReadLinesAsync(
                    string.Create(CultureInfo.InvariantCulture, $"v1/outbox?after={view.Last}"), view.Show, cancellationToken).ConfigureAwait(false);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>Shows lines of the agent's answers; what was said before is not said again.</summary>
    private sealed class View(TextWriter text, RecordOutput output, bool isJson)
    {
        private string _epoch = "";
        private long _sentUpTo = -1;

        /// <summary>Last record shown.</summary>
        public long Last { get; private set; }

        public void Show(ReadOnlySequence<byte> line)
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            if (root.TryGetProperty("seq", out JsonElement seq))
            {
                Last = seq.GetInt64();
                ShowRecord(line, root);
            }
            else
            {
                ShowJournal(line, root);
            }
        }

        private void ShowRecord(ReadOnlySequence<byte> line, JsonElement record)
        {
            if (isJson)
            {
                output.WriteLine(line);
                return;
            }

            text.WriteLine($"{record.GetProperty("state").GetString(),-8} {Terminal.Safe(record.GetProperty("topic").GetString()!)} {record.GetProperty("payload").GetString()}");
        }

        private void ShowJournal(ReadOnlySequence<byte> line, JsonElement journal)
        {
            string epoch = journal.GetProperty("epoch").GetString()!;
            long sentUpTo = journal.GetProperty("sentUpTo").GetInt64();
            if (epoch == _epoch && sentUpTo == _sentUpTo)
            {
                return;
            }

            Last = epoch == _epoch || _epoch.Length == 0 ? Last : 0; // a new epoch counts from 1
            (_epoch, _sentUpTo) = (epoch, sentUpTo);
            if (isJson)
            {
                output.WriteLine(line);
                return;
            }

            text.WriteLine(Terminal.Safe(string.Create(
                CultureInfo.InvariantCulture,
                $"journal  epoch {epoch}, last record {journal.GetProperty("last").GetInt64()}, sent up to {sentUpTo}, {journal.GetProperty("waiting").GetInt64()} waiting")));
        }
    }
}
