using MQTTnet;
using MQTTnet.Protocol;

namespace EdgeAgent.Forward;

/// <summary>Makes MQTT 5 messages of JSON documents.</summary>
internal static class Messages
{
    /// <summary>Content type of every document.</summary>
    public const string ContentType = "application/json";

    /// <summary>Version of the documents' schema, in a user property so that a bridge can route without parsing.</summary>
    public const string Schema = "edgeagent/1";

    /// <summary>A message with QoS 1.</summary>
    public static MqttApplicationMessage Create(
        string topic, ReadOnlyMemory<byte> payload, string agentId, bool isRetained) =>
        Describe(topic, payload, agentId, isRetained).Build();

    /// <summary>An answer with QoS 1.</summary>
    public static MqttApplicationMessage CreateReply(
        string topic, ReadOnlyMemory<byte> payload, string agentId, byte[]? correlationData)
    {
        MqttApplicationMessage message = Create(topic, payload, agentId, isRetained: false);
        message.CorrelationData = correlationData;
        return message;
    }

    /// <summary>A retained message with QoS 0, for what is soon out of date anyway.</summary>
    public static MqttApplicationMessage CreateUnconfirmed(string topic, ReadOnlyMemory<byte> payload, string agentId) =>
        Describe(topic, payload, agentId, isRetained: true)
            .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtMostOnce).Build();

    /// <summary>The empty retained message that makes a broker forget a topic.</summary>
    public static MqttApplicationMessage CreateClearing(string topic) => new MqttApplicationMessageBuilder()
        .WithTopic(topic)
        .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
        .WithRetainFlag()
        .Build();

    private static MqttApplicationMessageBuilder Describe(
        string topic, ReadOnlyMemory<byte> payload, string agentId, bool isRetained) =>
        new MqttApplicationMessageBuilder()
            .WithTopic(topic)
            .WithPayloadSegment(payload)
            .WithContentType(ContentType)
            .WithUserProperty("schema", System.Text.Encoding.UTF8.GetBytes(Schema))
            .WithUserProperty("agent", System.Text.Encoding.UTF8.GetBytes(agentId))
            .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
            .WithRetainFlag(isRetained);
}
