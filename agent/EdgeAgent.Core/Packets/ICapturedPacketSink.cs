namespace EdgeAgent.Core.Packets;

/// <summary>Takes packets in the order in which they were captured.</summary>
public interface ICapturedPacketSink
{
    /// <summary>Called once per packet; <see cref="CapturedPacket.Bytes"/> is valid during the call only.</summary>
    void OnPacket(in CapturedPacket packet);
}
