namespace EdgeAgent.Core.Packets;

/// <summary>Why a frame gave no UDP or TCP payload. Each cause is counted; none is an error of the agent.</summary>
public enum DissectResult
{
    /// <summary>A payload was found.</summary>
    Payload = 0,
    /// <summary>Not IP (ARP, LLDP, spanning tree, ...).</summary>
    NotIp,
    /// <summary>IP, but neither UDP nor TCP (ICMP quotes of SIP included: they are not traffic).</summary>
    OtherProtocol,
    /// <summary>Part of a fragmented datagram; as a cause of refusal: of one that was never completed.</summary>
    Fragment,
    /// <summary>The link type is not read.</summary>
    UnknownLinkType,
    /// <summary>A header is cut off or contradicts itself.</summary>
    Malformed,
}
