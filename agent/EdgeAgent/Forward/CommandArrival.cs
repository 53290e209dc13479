using System.Buffers;
using EdgeAgent.Core.Commands;
using MQTTnet;

namespace EdgeAgent.Forward;

/// <summary>A command as the broker delivered it.</summary>
/// <param name="Name">Last level of its topic; <c>other</c> where that is no name.</param>
/// <param name="Payload">Its bytes; none where it is oversized.</param>
/// <param name="IsOversized">Longer than its kind may be.</param>
/// <param name="ResponseTopic">Where the sender wants the reply, null for the usual place.</param>
/// <param name="CorrelationData">What the sender wants in the reply.</param>
internal sealed record CommandArrival(string Name, ReadOnlyMemory<byte> Payload, bool IsOversized, string? ResponseTopic, byte[]? CorrelationData)
{
    private const string NoName = "other";
    private const int MaxCorrelationBytes = 1_024;

    /// <summary>Takes over what matters of a message; a payload past its limit is not copied.</summary>
    public static CommandArrival From(MqttApplicationMessage message, CommandLimits limits)
    {
        string level = message.Topic[(message.Topic.LastIndexOf('/') + 1)..];
        string name = CommandNames.IsName(level) ? level : NoName;
        bool isOversized = message.Payload.Length > limits.MaxBytesOf(name);
        byte[]? correlation = message.CorrelationData is { Length: > 0 and <= MaxCorrelationBytes } data ? data : null;
        return new CommandArrival(name, isOversized ? [] : message.Payload.ToArray(), isOversized, message.ResponseTopic, correlation);
    }
}
