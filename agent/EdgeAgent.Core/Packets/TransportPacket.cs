namespace EdgeAgent.Core.Packets;

/// <summary>Transport under SIP.</summary>
public enum TransportProtocol
{
    /// <summary>One datagram, one message.</summary>
    Udp = 17,

    /// <summary>A stream: segments are put in order before messages are cut from it.</summary>
    Tcp = 6,
}

/// <summary>TCP control bits the reassembly looks at (RFC 9293 §3.1).</summary>
[Flags]
public enum TcpControl : byte
{
    /// <summary>None set, or not TCP.</summary>
    None = 0,
    /// <summary>Sender has finished.</summary>
    Fin = 1,
    /// <summary>Stream begins; takes one sequence number.</summary>
    Syn = 2,
    /// <summary>Stream is torn down.</summary>
    Rst = 4,
    /// <summary>Acknowledgement number is valid.</summary>
    Ack = 16,
}

/// <summary>What the dissector found: a UDP datagram or a TCP segment. A view on the captured packet.</summary>
/// <param name="Source">Sender.</param>
/// <param name="Destination">Receiver.</param>
/// <param name="Protocol">UDP or TCP.</param>
/// <param name="Payload">Bytes above the transport header; Ethernet padding removed, cut short if the snap length cut them.</param>
/// <param name="IsCut">The snap length removed payload bytes.</param>
/// <param name="Sequence">TCP sequence number of the first payload byte (of SYN when set).</param>
/// <param name="Control">TCP control bits.</param>
/// <param name="Acknowledgement">TCP acknowledgement number: the next byte the sender expects of the other direction.</param>
public readonly record struct TransportPacket(
    IpEndpoint Source,
    IpEndpoint Destination,
    TransportProtocol Protocol,
    ReadOnlyMemory<byte> Payload,
    bool IsCut = false,
    uint Sequence = 0,
    TcpControl Control = TcpControl.None,
    uint Acknowledgement = 0);
