using System.Text.Json;
using EdgeAgent.Capture;
using EdgeAgent.Forward;

namespace EdgeAgent.Telemetry;

/// <summary>Tells in <c>health</c> how the sources and the signalling loop do; nothing before the loop's first second.</summary>
internal sealed class SignallingHealth(ISignallingStatusSource signalling) : IHealthSource
{
    /// <inheritdoc/>
    public void WriteHealth(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (signalling.Current is not { } picture)
        {
            return;
        }

        writer.WriteStartArray("sources");
        foreach (SourceStatus source in picture.Sources)
        {
            writer.WriteStartObject();
            writer.WriteString("name", source.Name);
            writer.WriteBoolean("up", source.IsUp);
            writer.WriteNumber("packets", source.Packets);
            writer.WriteNumber("kernelDrops", source.KernelDrops);
            writer.WriteNumber("interfaceDrops", source.InterfaceDrops);
            writer.WriteNumber("queueDrops", source.QueueDrops);
            writer.WriteNumber("refused", source.Refused);
            writer.WriteString("fault", source.Fault);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartObject("signalling");
        writer.WriteNumber("activeCalls", picture.ActiveCalls);
        writer.WriteNumber("sipMessages", picture.SipMessages);
        writer.WriteString("confidence", CamelCase.Of(picture.Confidence));
        writer.WriteString("cause", picture.Cause);
        writer.WriteEndObject();
    }
}
