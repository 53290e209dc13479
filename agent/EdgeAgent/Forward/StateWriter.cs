using System.Buffers;
using System.Text.Json;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Store;

namespace EdgeAgent.Forward;

/// <summary>Makes the retained documents: <c>status</c>, <c>info</c>, <c>health</c> and <c>number/…</c>. They carry no sequence number.</summary>
internal sealed class StateWriter(AgentInfo info)
{
    /// <summary><c>status</c>: online, stopping or offline.</summary>
    public byte[] Status(string state, string? reason, JournalIdentity journal) => Write(writer =>
    {
        writer.WriteString("state", state);
        writer.WriteString("epoch", journal.Epoch);
        writer.WriteString("boot", journal.Boot);
        writer.WriteString("since", Instant.Microseconds(info.Started));
        writer.WriteString("version", info.Version);
        writer.WriteString("reason", reason);
    });

    /// <summary>
    /// <c>info</c>: what this agent is and how it is set, <paramref name="now"/>; <paramref name="reachedDays"/> of records fit the quota.
    /// </summary>
    public byte[] Info(AgentInfo now, JournalIdentity journal, int? reachedDays) => Write(writer =>
    {
        writer.WriteString("version", now.Version);
        writer.WriteString("epoch", journal.Epoch);
        writer.WriteString("predecessor", journal.Predecessor);
        writer.WriteString("publicKey", journal.PublicKey);
        writer.WriteString("keyFingerprint", journal.KeyFingerprint);
        ProvenanceJson.WriteSuccession(writer, journal.Succeeds);
        writer.WriteString("configHash", now.ConfigHash);
        writer.WriteString("trunksHash", now.TrunksHash);
        writer.WriteString("policyHash", now.PolicyHash);
        writer.WriteNumber("sealLagSeconds", (decimal)now.SealLag.Ticks / TimeSpan.TicksPerSecond);
        writer.WriteNumber("retentionDays", now.RetentionDays);
        if (reachedDays is int days)
        {
            writer.WriteNumber("retentionReachedDays", days);
        }
        else
        {
            writer.WriteNull("retentionReachedDays");
        }

        writer.WriteString("schema", Messages.Schema);
        writer.WriteStartArray("trunks");
        foreach ((string name, IReadOnlyList<string> hosts) in now.Trunks)
        {
            writer.WriteStartObject();
            writer.WriteString("name", name);
            writer.WriteStartArray("hosts");
            foreach (string host in hosts)
            {
                writer.WriteStringValue(host);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("capabilities");
        writer.WriteStringValue("minute");
        writer.WriteStringValue("event");
        writer.WriteStringValue("number");
        foreach (string command in now.Commands)
        {
            writer.WriteStringValue(command);
        }

        writer.WriteEndArray();
    });

    /// <summary><c>health</c>: how every part does.</summary>
    public byte[] Health(StoreStatus store, ForwardStatus forward, IEnumerable<IHealthSource> sources, DateTimeOffset at) =>
        Write(writer =>
        {
            writer.WriteString("at", Instant.Microseconds(at));
            writer.WriteStartObject("process");
            writer.WriteNumber("residentBytes", Environment.WorkingSet);
            writer.WriteNumber("cpuSeconds", (decimal)Environment.CpuUsage.TotalTime.Ticks / TimeSpan.TicksPerSecond);
            writer.WriteEndObject();
            writer.WriteStartObject("store");
            writer.WriteNumber("depth", store.Depth);
            writer.WriteNumber("fileBytes", store.FileBytes);
            writer.WriteNumber("recordBytes", store.RecordBytes);
            writer.WriteNumber("pendingRows", store.PendingRows);
            writer.WriteNumber("lostRows", store.LostRows);
            writer.WriteString("fault", store.Fault);
            writer.WriteEndObject();
            writer.WriteStartObject("forward");
            writer.WriteNumber("inFlight", forward.InFlight);
            writer.WriteNumber("acknowledged", forward.Acknowledged);
            writer.WriteString("standby", forward.Standby);
            writer.WriteEndObject();
            foreach (IHealthSource source in sources)
            {
                source.WriteHealth(writer);
            }
        });

    /// <summary><c>number/…</c>: flat totals of a civil day, zeros included so that a gauge falls back at midnight.</summary>
    public byte[] Number(NumberTotal total, NumberCounters counters) => Write(writer =>
    {
        writer.WriteString("number", char.IsAsciiDigit(total.Topic[0]) ? "+" + total.Topic : total.Topic);
        writer.WriteString("day", total.Day.ToString("O"));
        foreach (CounterField field in CounterFields.All)
        {
            CountersJson.WriteValue(writer, FlatName(field), field.Unit, field.Read(counters));
        }

        WriteRatio(writer, "answerRate", counters.AnswerRate());
        WriteRatio(writer, "acdSeconds", counters.AcdSeconds());
        WriteRatio(writer, "pddSeconds", counters.PostDialSeconds());
    });

    /// <summary>A nested counter's name on one level: <c>inboundAttempts</c>, <c>dispositionsBusy</c>.</summary>
    internal static string FlatName(CounterField field) =>
        field.Group is null ? field.Name : $"{field.Group}{char.ToUpperInvariant(field.Name[0])}{field.Name[1..]}";

    private static void WriteRatio(Utf8JsonWriter writer, string name, double? ratio)
    {
        if (ratio is double value)
        {
            writer.WriteNumber(name, Math.Round(value, 6));
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    private byte[] Write(Action<Utf8JsonWriter> writeBody)
    {
        ArrayBufferWriter<byte> output = new(512);
        using Utf8JsonWriter writer = new(output, CountersJson.Plain);
        writer.WriteStartObject();
        writer.WriteNumber("v", 1);
        writer.WriteString("agent", info.AgentId);
        writeBody(writer);
        writer.WriteEndObject();
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }
}
