using System.Globalization;
using System.Text.Json;
using EdgeAgent.Cli;

namespace EdgeAgent.Anonymise;

/// <summary>What was written, and whether it counts like the original.</summary>
internal sealed record AnonymiseReport
{
    public required long PacketsRead { get; init; }

    public required long PacketsWritten { get; init; }

    /// <summary>SIP messages, all of them written.</summary>
    public required long Messages { get; init; }

    /// <summary>Payloads on SIP ports that are no SIP: left out.</summary>
    public required long NotSip { get; init; }

    public required long Numbers { get; init; }

    public required int Addresses { get; init; }

    /// <summary>Each trunk by name, with the addresses that stand for its own.</summary>
    public required IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>> Trunks { get; init; }

    public required long Attempts { get; init; }

    public required long Answered { get; init; }

    /// <summary>Counters that are not what they were; empty when all is well.</summary>
    public required IReadOnlyList<string> Differences { get; init; }

    /// <summary>Writes it for people.</summary>
    public void Write(TextWriter output)
    {
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{PacketsRead:N0} packets read, {Messages:N0} SIP messages written in {PacketsWritten:N0} packets; {NotSip:N0} payloads on SIP ports left out that are no SIP."));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{Numbers:N0} telephone numbers and {Addresses:N0} addresses replaced."));
        foreach ((string name, IReadOnlyList<string> hosts) in Trunks)
        {
            output.WriteLine($"Trunk {Terminal.Safe(name)} is now {string.Join(", ", hosts)}.");
        }

        output.WriteLine(Differences.Count == 0
            ? string.Create(CultureInfo.InvariantCulture, $"Counted before and after: the same ({Attempts:N0} attempts, {Answered:N0} answered).")
            : $"Counted before and after: NOT the same: {string.Join(", ", Differences)}. Please report this too.");
    }

    /// <summary>Writes it for programs.</summary>
    public void WriteJson(Stream output)
    {
        using (Utf8JsonWriter writer = new(output))
        {
            writer.WriteStartObject();
            writer.WriteNumber("packetsRead", PacketsRead);
            writer.WriteNumber("packetsWritten", PacketsWritten);
            writer.WriteNumber("sipMessages", Messages);
            writer.WriteNumber("notSip", NotSip);
            writer.WriteNumber("numbers", Numbers);
            writer.WriteNumber("addresses", Addresses);
            writer.WriteStartObject("trunks");
            foreach ((string name, IReadOnlyList<string> hosts) in Trunks)
            {
                writer.WriteStartArray(name);
                foreach (string host in hosts)
                {
                    writer.WriteStringValue(host);
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
            writer.WriteNumber("attempts", Attempts);
            writer.WriteNumber("answered", Answered);
            writer.WriteStartArray("differences");
            foreach (string difference in Differences)
            {
                writer.WriteStringValue(difference);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
        output.Flush();
    }
}
