using System.Text;
using MQTTnet;
using MQTTnet.Protocol;

namespace EdgeAgent.Forward;

/// <summary>Makes messages of JSON documents. Properties only MQTT 5 knows are left out for a broker that speaks 3.1.1.</summary>
/// <param name="agentId">Agent id, a user property.</param>
/// <param name="messageExpiry">How long a broker keeps a record; zero for ever.</param>
/// <param name="isFive">The broker speaks MQTT 5.</param>
internal sealed class Messages(string agentId, TimeSpan messageExpiry, bool isFive)
{
    /// <summary>Content type of every document.</summary>
    public const string ContentType = "application/json";

    /// <summary>Version of the documents' schema, in a user property so that a bridge can route without parsing.</summary>
    public const string Schema = "edgeagent/1";

    /// <summary>A health report of an agent that is gone says nothing any more; <c>status</c> says that it is gone.</summary>
    public static readonly TimeSpan HealthExpiry = TimeSpan.FromMinutes(5);

    /// <summary>The agent clears a number's topic after seven idle days; this clears it for an agent that is gone.</summary>
    public static readonly TimeSpan NumberExpiry = TimeSpan.FromDays(8);

    /// <summary>Nobody waits longer for an answer.</summary>
    public static readonly TimeSpan ReplyExpiry = TimeSpan.FromHours(1);

    /// <summary>A minute or an event.</summary>
    public MqttApplicationMessage Record(string topic, ReadOnlyMemory<byte> payload) =>
        Describe(topic, payload, messageExpiry).Build();

    /// <summary><c>status</c> and <c>info</c>, retained for ever.</summary>
    public MqttApplicationMessage State(string topic, ReadOnlyMemory<byte> payload) =>
        Describe(topic, payload, TimeSpan.Zero).WithRetainFlag().Build();

    /// <summary><c>health</c>: QoS 0, for it is soon out of date anyway.</summary>
    public MqttApplicationMessage Health(string topic, ReadOnlyMemory<byte> payload) =>
        Describe(topic, payload, HealthExpiry).WithRetainFlag().WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtMostOnce).Build();

    /// <summary><c>number/…</c>.</summary>
    public MqttApplicationMessage Number(string topic, ReadOnlyMemory<byte> payload) =>
        Describe(topic, payload, NumberExpiry).WithRetainFlag().Build();

    /// <summary>An answer to a command.</summary>
    public MqttApplicationMessage Reply(string topic, ReadOnlyMemory<byte> payload, byte[]? correlationData)
    {
        MqttApplicationMessage message = Describe(topic, payload, ReplyExpiry).Build();
        message.CorrelationData = correlationData;
        return message;
    }

    /// <summary>The empty retained message that makes a broker forget a topic.</summary>
    public static MqttApplicationMessage Clearing(string topic) => new MqttApplicationMessageBuilder()
        .WithTopic(topic)
        .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
        .WithRetainFlag()
        .Build();

    private MqttApplicationMessageBuilder Describe(string topic, ReadOnlyMemory<byte> payload, TimeSpan expiry)
    {
        MqttApplicationMessageBuilder message = new MqttApplicationMessageBuilder()
            .WithTopic(topic)
            .WithPayloadSegment(payload)
            .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce);
        if (isFive)
        {
            message.WithContentType(ContentType)
                .WithUserProperty("schema", Encoding.UTF8.GetBytes(Schema))
                .WithUserProperty("agent", Encoding.UTF8.GetBytes(agentId))
                .WithMessageExpiryInterval((uint)expiry.TotalSeconds); // 0 is left out: for ever
        }

        return message;
    }
}
