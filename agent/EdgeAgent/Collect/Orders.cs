using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EdgeAgent.Core.Commands;
using EdgeAgent.Core.Evidence;
using EdgeAgent.Forward;
using MQTTnet;
using MQTTnet.Protocol;

namespace EdgeAgent.Collect;

/// <summary>Writes and signs orders, as messages ready to be sent.</summary>
/// <param name="prefix">First levels of command topics.</param>
/// <param name="key">Signs; null for unsigned ones.</param>
/// <param name="time">Wall clock.</param>
internal sealed class Orders(string prefix, ECDsa? key, TimeProvider time)
{
    /// <summary>How long an order of the collector is valid.</summary>
    public static readonly TimeSpan UsualValidity = TimeSpan.FromHours(1);

    /// <summary>Asks for a range again.</summary>
    public MqttApplicationMessage Replay(string agent, string epoch, long from, long to) => Create(CommandNames.Replay, agent, UsualValidity, writer =>
    {
        writer.WriteString("epoch", epoch);
        writer.WriteNumber("from", from);
        writer.WriteNumber("to", to);
    }).Message;

    /// <summary>Tells what is here.</summary>
    public MqttApplicationMessage Anchor(string agent, string epoch, long seq, RecordHash hash) => Create(CommandNames.Anchor, agent, UsualValidity, writer =>
    {
        writer.WriteString("epoch", epoch);
        writer.WriteNumber("seq", seq);
        writer.WriteString("hash", hash.ToString());
    }).Message;

    /// <summary>Any order.</summary>
    public (MqttApplicationMessage Message, string Nonce) Create(string name, string agent, TimeSpan validity, Action<Utf8JsonWriter> writeArguments)
    {
        ArrayBufferWriter<byte> arguments = new(128);
        using (Utf8JsonWriter writer = new(arguments))
        {
            writer.WriteStartObject();
            writeArguments(writer);
            writer.WriteEndObject();
        }

        return Create(name, agent, validity, arguments.WrittenMemory);
    }

    /// <summary>Any order, with arguments as they are written.</summary>
    public (MqttApplicationMessage Message, string Nonce) Create(string name, string agent, TimeSpan validity, ReadOnlyMemory<byte> arguments)
    {
        DateTimeOffset now = time.GetUtcNow();
        CommandEnvelope command = new()
        {
            Command = name,
            Agent = agent,
            Nonce = CommandWriter.NewNonce(),
            IssuedAt = now,
            ExpiresAt = now + validity,
            Arguments = arguments,
        };
        MqttApplicationMessage message = new MqttApplicationMessageBuilder()
            .WithTopic($"{prefix}/{agent}/{name}")
            .WithPayload(key is null ? CommandWriter.WriteUnsigned(command) : CommandWriter.Write(command, key))
            .WithContentType(Messages.ContentType)
            .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
            .WithMessageExpiryInterval((uint)validity.TotalSeconds)
            .WithCorrelationData(Encoding.UTF8.GetBytes(command.Nonce))
            .Build();
        return (message, command.Nonce);
    }
}
