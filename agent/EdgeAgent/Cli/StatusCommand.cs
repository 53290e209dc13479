using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using EdgeAgent.Telemetry;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent status</c>: asks the running agent. Exit 0 healthy, 1 degraded, 3 not running.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        Option<bool> json = CommonOptions.Json();
        Option<string> socket = CommonOptions.Socket();
        ExampleCommand command = new(
            "status",
            "Show how the running agent is (exit 0 healthy, 1 degraded, 3 not running).",
            "edge-agent status",
            "edge-agent status --json | jq .store.unsentRecords")
        {
            json, socket,
        };
        command.SetAction(async (parse, cancellationToken) =>
        {
            using ControlClient client = new(parse.GetRequiredValue(socket));
            StatusDocument status = await client
                .GetAsync("v1/status", TelemetryJson.Plain.StatusDocument, cancellationToken).ConfigureAwait(false);
            TextWriter output = parse.InvocationConfiguration.Output;
            if (parse.GetValue(json))
            {
                output.WriteLine(JsonSerializer.Serialize(status, TelemetryJson.Plain.StatusDocument));
            }
            else
            {
                Write(status, output);
            }

            return status.Reasons.Count == 0 ? ExitCode.Ok : ExitCode.Degraded;
        });
        return command;
    }

    private static void Write(StatusDocument status, TextWriter output)
    {
        Line(output, "state", status.State);
        foreach (string reason in status.Reasons)
        {
            Line(output, "", reason);
        }

        Line(output, "agent", $"{status.AgentId}, version {status.Version}, process {status.ProcessId}");
        Line(output, "uptime", Span(status.UptimeSeconds));
        Line(output, "configuration", $"{status.Configuration.File}, settings {status.Configuration.Sha256[..12]}");
        foreach (SourceDocument source in status.Sources)
        {
            Line(output, "source", string.Create(
                CultureInfo.InvariantCulture,
                $"{source.Name}: {(source.Up ? "up" : "down")}, {source.Packets} packets, dropped {source.KernelDrops} by the kernel, ")
                + string.Create(CultureInfo.InvariantCulture, $"{source.InterfaceDrops} by the interface, {source.QueueDrops} by the queue")
                + (source.Refused > 0 ? string.Create(CultureInfo.InvariantCulture, $"; {source.Refused} refused") : ""));
        }

        WriteSignalling(status, output);
        if (status.Store is { } store)
        {
            string age = store.OldestUnsentAgeSeconds is long seconds ? $", the oldest {Span(seconds)} old" : "";
            Line(output, "buffer", string.Create(CultureInfo.InvariantCulture, $"{store.UnsentRecords} records to send{age}; {store.Bytes} bytes"));
            string reach = store.RetentionReachedDays is int days
                ? string.Create(CultureInfo.InvariantCulture, $"the quota holds {days} days")
                : "too early to say how many days the quota holds";
            string kept = store.NextSequence > store.OldestSequence
                ? string.Create(CultureInfo.InvariantCulture, $"records {store.OldestSequence} to {store.NextSequence - 1} here")
                : "no record yet";
            Line(output, "journal", $"epoch {store.Epoch}, {kept}; {reach}");
            if (store.KeyFingerprint is not null)
            {
                Line(output, "signing key", $"{store.KeyFingerprint} (whole public key: edge-agent status --json)");
            }
        }

        if (status.Broker is { } broker)
        {
            string state = broker.Connected ? "connected" : "not connected";
            string error = broker.LastError is null ? "" : $", last error: {broker.LastError}";
            Line(output, "broker", broker.Address is null ? "none configured: records stay here" : $"{broker.Address}: {state}{error}");
            if (broker.Standby is not null)
            {
                Line(output, "", $"this is the standby; {broker.Standby}");
            }
        }
    }

    private static void WriteSignalling(StatusDocument status, TextWriter output)
    {
        if (status.Signalling is not { } signalling || status.Today is not { } today)
        {
            return;
        }

        Line(output, "signalling", string.Create(
            CultureInfo.InvariantCulture,
            $"{signalling.SipMessages} SIP messages, {signalling.Rejected.Values.Sum()} refused, {signalling.ActiveCalls} active calls"));
        foreach (HepSenderDocument sender in signalling.HepSenders)
        {
            Line(output, "hep sender", string.Create(
                CultureInfo.InvariantCulture, $"{sender.Name}: {sender.Packets} packets, its clock {sender.OffsetSeconds:0.000} s behind"));
        }

        Line(output, "today", string.Create(
            CultureInfo.InvariantCulture,
            $"{today.Numbers} numbers, {today.Attempts} attempts, {today.Answered} answered"));
        RatiosDocument ratios = today.Ratios;
        Line(
            output,
            "ratios",
            $"ASR {Percent(ratios.Asr)}, NER {Percent(ratios.Ner)}, SER {Percent(ratios.Ser)}, SEER {Percent(ratios.Seer)}, "
            + $"ISA {Percent(ratios.Isa)}, ACD {Seconds(ratios.AcdSeconds)}");
        Line(output, "guards", today.Guards.Count == 0
            ? "no rule had anything to say"
            : string.Join(", ", today.Guards.Select(hit => string.Create(CultureInfo.InvariantCulture, $"{hit.Key} {hit.Value}"))));
        WriteCoverage(status.Coverage, "today", output);
        WriteCoverage(status.CoverageBefore, null, output);
        foreach (UnobservedDocument open in signalling.Unobserved)
        {
            Line(output, open.Blind ? "blind" : "degraded", string.Create(
                CultureInfo.InvariantCulture, $"{open.Source} since {open.From:yyyy-MM-dd HH:mm:ss}Z ({open.Cause})"));
        }

        Line(output, "confidence", signalling.Cause is null ? signalling.Confidence : $"{signalling.Confidence} ({signalling.Cause})");
    }

    private static void WriteCoverage(CoverageDocument? coverage, string? day, TextWriter output)
    {
        if (coverage is null)
        {
            return;
        }

        string lost = string.Join(", ", coverage.LostSeconds.Select(each => $"{Span((long)each.Value)} {each.Key}"));
        string text = coverage.Ratio is double ratio
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{ratio:0.0%} of {Span((long)coverage.ElapsedSeconds)} legal calling time {day ?? "on " + coverage.Day.ToString("O", CultureInfo.InvariantCulture)}")
            : $"no legal calling time {(day is null ? "on " + coverage.Day.ToString("O", CultureInfo.InvariantCulture) : "yet " + day)}";
        Line(output, "coverage", text + (lost.Length > 0 ? $"; lost: {lost}" : ""));
    }

    private static void Line(TextWriter output, string name, string text) => output.WriteLine($"{name,-14} {Terminal.Safe(text)}");

    private static string Percent(double? ratio) =>
        ratio is double value ? (100 * value).ToString("0.0", CultureInfo.InvariantCulture) + " %" : "none";

    private static string Seconds(double? seconds) =>
        seconds is double value ? value.ToString("0.0", CultureInfo.InvariantCulture) + " s" : "none";

    private static string Span(long seconds) => seconds < 60
        ? string.Create(CultureInfo.InvariantCulture, $"{seconds} s")
        : TimeSpan.FromSeconds(seconds).ToString(seconds < 86_400 ? @"h\:mm\:ss" : @"d\ \d\ h\:mm\:ss", CultureInfo.InvariantCulture);
}
