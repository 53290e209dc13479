using System.Buffers.Binary;

namespace EdgeAgent.Core.Packets;

/// <summary>Finds the packet that a tunnel carries: IP in IP, GRE with what mirrors and dial-in put into it, VXLAN.</summary>
internal static class TunnelHeader
{
    private const int IPv4InIp = 4; // RFC 2003
    private const int IPv6InIp = 41; // RFC 4213
    private const int Gre = 47;

    private const int EtherTypeIPv4 = 0x0800;
    private const int EtherTypeIPv6 = 0x86DD;
    private const int EtherTypeMpls = 0x8847;
    private const int EtherTypeBridged = 0x6558; // transparent Ethernet bridging (RFC 7637)
    private const int EtherTypePpp = 0x880B; // RFC 2637 §4.1
    private const int EtherTypeErspan = 0x88BE; // draft-foschiano-erspan, types I and II
    private const int EtherTypeErspan3 = 0x22EB;

    private const int GreBytes = 4;
    private const int HasChecksum = 0x8000;
    private const int HasRouting = 0x4000;
    private const int HasKey = 0x2000;
    private const int HasSequence = 0x1000;
    private const int HasAcknowledgement = 0x0080; // version 1 only
    private const int VersionMask = 0x0007;

    private const int Erspan2Bytes = 8;
    private const int Erspan3Bytes = 12;
    private const int Erspan3PlatformBytes = 8;

    private const int VxlanBytes = 8;

    /// <summary>Protocols of the IP header that <see cref="TryEnter"/> may look into.</summary>
    public static bool IsTunnel(int protocol) => protocol is IPv4InIp or IPv6InIp or Gre;

    /// <summary>4789 (RFC 7348 §5), and 8472, which Linux used before.</summary>
    public static bool IsVxlanPort(int port) => port is 4789 or 8472;

    /// <param name="protocol">Protocol of the IP header before <paramref name="payload"/>.</param>
    /// <param name="payload">Captured bytes behind the IP header.</param>
    /// <param name="link">How the inner packet is to be read.</param>
    /// <param name="innerAt">Its first byte in <paramref name="payload"/>.</param>
    /// <returns><see cref="DissectResult.Payload"/> when there is an inner packet.</returns>
    public static DissectResult TryEnter(int protocol, ReadOnlySpan<byte> payload, out LinkType link, out int innerAt)
    {
        link = LinkType.Raw;
        innerAt = 0;
        return protocol switch
        {
            IPv4InIp or IPv6InIp => DissectResult.Payload,
            Gre => TryEnterGre(payload, out link, out innerAt),
            _ => DissectResult.OtherProtocol,
        };
    }

    /// <param name="payload">Payload of a datagram to a VXLAN port.</param>
    /// <param name="innerAt">First byte of the inner Ethernet frame when the result is true.</param>
    public static bool TryEnterVxlan(ReadOnlySpan<byte> payload, out int innerAt)
    {
        innerAt = VxlanBytes;

        // The I flag alone, reserved bits zero (RFC 7348 §5): anything else on the port is not VXLAN.
        return payload.Length > VxlanBytes
            && BinaryPrimitives.ReadUInt32BigEndian(payload) == 0x0800_0000
            && payload[7] == 0;
    }

    private static DissectResult TryEnterGre(ReadOnlySpan<byte> gre, out LinkType link, out int innerAt)
    {
        link = LinkType.Raw;
        innerAt = GreBytes;
        if (gre.Length < GreBytes)
        {
            return DissectResult.Malformed;
        }

        int flags = BinaryPrimitives.ReadUInt16BigEndian(gre);
        int version = flags & VersionMask;
        if (version > 1 || (flags & HasRouting) != 0)
        {
            return DissectResult.OtherProtocol; // source routing was dropped by RFC 2784
        }

        innerAt += OptionBytes(flags, HasChecksum) + OptionBytes(flags, HasKey) + OptionBytes(flags, HasSequence)
            + (version == 1 ? OptionBytes(flags, HasAcknowledgement) : 0);
        int type = BinaryPrimitives.ReadUInt16BigEndian(gre[2..]);
        if (gre.Length <= innerAt)
        {
            return type == EtherTypePpp ? DissectResult.OtherProtocol : DissectResult.Malformed; // PPTP: a bare acknowledgement
        }

        switch (type)
        {
            case EtherTypeIPv4 or EtherTypeIPv6:
                return DissectResult.Payload;
            case EtherTypeMpls:
                link = LinkType.Mpls;
                return DissectResult.Payload;
            case EtherTypePpp:
                link = LinkType.Ppp;
                return DissectResult.Payload;
            case EtherTypeBridged:
                link = LinkType.Ethernet;
                return DissectResult.Payload;
            case EtherTypeErspan:
                link = LinkType.Ethernet;
                innerAt += (flags & HasSequence) != 0 ? Erspan2Bytes : 0; // type I has no header of its own
                return DissectResult.Payload;
            case EtherTypeErspan3:
                return TryEnterErspan3(gre, ref innerAt, out link);
            default:
                return DissectResult.OtherProtocol;
        }
    }

    private static int OptionBytes(int flags, int option) => (flags & option) != 0 ? 4 : 0;

    private static DissectResult TryEnterErspan3(ReadOnlySpan<byte> gre, ref int innerAt, out LinkType link)
    {
        link = LinkType.Ethernet;
        if (gre.Length < innerAt + Erspan3Bytes)
        {
            return DissectResult.Malformed;
        }

        int tail = BinaryPrimitives.ReadUInt16BigEndian(gre[(innerAt + 10)..]);
        link = ((tail >> 10) & 0x1F) == 2 ? LinkType.Raw : LinkType.Ethernet; // frame type: 0 Ethernet, 2 IP
        innerAt += Erspan3Bytes + ((tail & 1) != 0 ? Erspan3PlatformBytes : 0);
        return DissectResult.Payload;
    }
}
