using System.Buffers;
using System.Text.Json;

namespace EdgeAgent.Forward;

/// <summary>An answer to be sent.</summary>
/// <param name="Topic">Where to.</param>
/// <param name="Payload">One JSON document.</param>
/// <param name="CorrelationData">As the sender gave it.</param>
internal sealed record CommandReply(string Topic, byte[] Payload, byte[]? CorrelationData)
{
    private const int MaxTopicLength = 256;

    /// <summary>Writes the document.</summary>
    public static byte[] Write(
        string agentId, string command, string outcome, string? cause, string? nonce, DateTimeOffset at, Action<Utf8JsonWriter>? writeResult)
    {
        ArrayBufferWriter<byte> output = new(512);
        using Utf8JsonWriter writer = new(output, CountersJson.Plain);
        writer.WriteStartObject();
        writer.WriteNumber("v", 1);
        writer.WriteString("agent", agentId);
        writer.WriteString("command", command);
        writer.WriteString("outcome", outcome);
        writer.WriteString("cause", cause);
        writer.WriteString("nonce", nonce);
        writer.WriteString("at", Instant.Microseconds(at));
        writer.WriteStartObject("result");
        writeResult?.Invoke(writer);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <summary>
    /// The topic a reply goes to: the one asked for, unless it is a topic of ours that means something else. Otherwise a sender could make
    /// an agent publish what looks like a record, a state or a command.
    /// </summary>
    public static string TopicFor(string? wanted, Topics topics, string commandPrefix, string name)
    {
        string usual = topics.Reply(name);
        bool isUsable = wanted is { Length: > 0 and <= MaxTopicLength }
            && !wanted.Any(c => c is '+' or '#' || char.IsControl(c)) && wanted[0] != '$'
            && !IsBelow(wanted, commandPrefix)
            && (!IsBelow(wanted, topics.Prefix) || wanted.StartsWith(topics.Reply(""), StringComparison.Ordinal));
        return isUsable ? wanted! : usual;
    }

    private static bool IsBelow(string topic, string prefix) => $"{topic}/".StartsWith($"{prefix}/", StringComparison.Ordinal);
}
