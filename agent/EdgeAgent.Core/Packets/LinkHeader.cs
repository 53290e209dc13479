using System.Buffers.Binary;

namespace EdgeAgent.Core.Packets;

/// <summary>Finds where IP begins behind the link header.</summary>
internal static class LinkHeader
{
    public const int EthernetBytes = 14;

    public const int EtherTypeIPv4 = 0x0800;

    private const int EtherTypeIPv6 = 0x86DD;
    private const int CookedBytes = 16;
    private const int Cooked2Bytes = 20;
    private const int FamilyBytes = 4;
    private const int VlanTagBytes = 4;
    private const int EtherTypeMpls = 0x8847;
    private const int EtherTypeMplsMulticast = 0x8848;
    private const int EtherTypePppoeSession = 0x8864;
    private const int PppoeBytes = 6;
    private const int PppIPv4 = 0x0021;
    private const int PppIPv6 = 0x0057;
    private const int MplsLabelBytes = 4;
    private const int ControlWordBytes = 4;

    /// <summary>More labels than any provider stacks.</summary>
    private const int MaxMplsLabels = 8;

    /// <summary>One tag and one outer tag (IEEE 802.1ad); deeper stacks are not traffic of a PBX.</summary>
    private const int MaxVlanTags = 2;

    /// <summary>ARPHRD_NETLINK: the protocol field of a cooked header is then no EtherType.</summary>
    private const int HardwareNetlink = 824;

    /// <param name="frame">Captured bytes from the link header on.</param>
    /// <param name="link">Link type of the frame.</param>
    /// <param name="offset">First byte of the IP header.</param>
    /// <returns><see cref="DissectResult.Payload"/> when IPv4 or IPv6 follows at <paramref name="offset"/>.</returns>
    public static DissectResult TryFindIp(ReadOnlySpan<byte> frame, LinkType link, out int offset)
    {
        offset = 0;
        switch (link)
        {
            case LinkType.Ethernet:
                return AfterEtherType(frame, EthernetBytes - 2, EthernetBytes, out offset);
            case LinkType.LinuxCooked:
                return AfterCooked(frame, hardwareAt: 2, protocolAt: 14, CookedBytes, out offset);
            case LinkType.LinuxCooked2:
                return AfterCooked(frame, hardwareAt: 8, protocolAt: 0, Cooked2Bytes, out offset);
            case LinkType.Ppp:
                return AfterPpp(frame, 0, out offset);
            case LinkType.Mpls:
                return AfterMpls(frame, 0, mayBePseudoWire: true, out offset);
            case LinkType.Null:
            case LinkType.Loop:
                return AfterFamily(frame, out offset);
            case LinkType.Raw:
            case LinkType.RawIPv4:
            case LinkType.RawIPv6:
                return DissectResult.Payload;
            default:
                return DissectResult.UnknownLinkType;
        }
    }

    private static DissectResult AfterCooked(
        ReadOnlySpan<byte> frame, int hardwareAt, int protocolAt, int headerBytes, out int offset)
    {
        offset = headerBytes;
        if (frame.Length < headerBytes)
        {
            return DissectResult.Malformed;
        }

        return BinaryPrimitives.ReadUInt16BigEndian(frame[hardwareAt..]) == HardwareNetlink
            ? DissectResult.NotIp
            : AfterEtherType(frame, protocolAt, headerBytes, out offset);
    }

    private static DissectResult AfterEtherType(
        ReadOnlySpan<byte> frame, int typeAt, int headerBytes, out int offset, bool mayBePseudoWire = true)
    {
        offset = headerBytes;
        if (frame.Length < headerBytes)
        {
            return DissectResult.Malformed;
        }

        int type = BinaryPrimitives.ReadUInt16BigEndian(frame[typeAt..]);
        for (int tags = 0; tags < MaxVlanTags && IsVlan(type); tags++)
        {
            if (frame.Length < offset + VlanTagBytes)
            {
                return DissectResult.Malformed;
            }

            type = BinaryPrimitives.ReadUInt16BigEndian(frame[(offset + 2)..]); // behind priority and VLAN number
            offset += VlanTagBytes;
        }

        return type switch
        {
            EtherTypeIPv4 or EtherTypeIPv6 => DissectResult.Payload,
            EtherTypePppoeSession => AfterPpp(frame, offset + PppoeBytes, out offset),
            EtherTypeMpls or EtherTypeMplsMulticast => AfterMpls(frame, offset, mayBePseudoWire, out offset),
            _ => DissectResult.NotIp,
        };
    }

    /// <summary>Protocol field of one byte where it is compressed, else of two (RFC 1661 §2 and §6.5).</summary>
    private static DissectResult AfterPpp(ReadOnlySpan<byte> frame, int pppAt, out int offset)
    {
        offset = pppAt;
        if (frame.Length >= offset + 2 && frame[offset] == 0xFF && frame[offset + 1] == 0x03)
        {
            offset += 2;
        }

        if (frame.Length < offset + 2)
        {
            return DissectResult.Malformed;
        }

        bool isCompressed = (frame[offset] & 1) != 0;
        int protocol = isCompressed ? frame[offset] : BinaryPrimitives.ReadUInt16BigEndian(frame[offset..]);
        offset += isCompressed ? 1 : 2;
        return protocol is PppIPv4 or PppIPv6 ? DissectResult.Payload : DissectResult.NotIp;
    }

    /// <summary>No label says what follows the stack: the first nibble does (RFC 4385 §3).</summary>
    private static DissectResult AfterMpls(ReadOnlySpan<byte> frame, int labelsAt, bool mayBePseudoWire, out int offset)
    {
        offset = labelsAt;
        for (int labels = 0; labels < MaxMplsLabels; labels++)
        {
            if (frame.Length < offset + MplsLabelBytes + 1)
            {
                return DissectResult.Malformed;
            }

            bool isBottom = (frame[offset + 2] & 1) != 0;
            offset += MplsLabelBytes;
            if (!isBottom)
            {
                continue;
            }

            int ethernetAt = offset + ControlWordBytes;
            return (frame[offset] >> 4) switch
            {
                4 or 6 => DissectResult.Payload,
                0 when mayBePseudoWire => AfterEtherType(
                    frame, ethernetAt + EthernetBytes - 2, ethernetAt + EthernetBytes, out offset, mayBePseudoWire: false),
                _ => DissectResult.NotIp,
            };
        }

        return DissectResult.Malformed;
    }

    private static bool IsVlan(int type) => type is 0x8100 or 0x88A8 or 0x9100;

    private static DissectResult AfterFamily(ReadOnlySpan<byte> frame, out int offset)
    {
        offset = FamilyBytes;
        if (frame.Length < FamilyBytes)
        {
            return DissectResult.Malformed;
        }

        // AF numbers are small: whichever byte order gives a small number is the capturing host's.
        uint family = BinaryPrimitives.ReadUInt32BigEndian(frame);
        if (family > ushort.MaxValue)
        {
            family = BinaryPrimitives.ReverseEndianness(family);
        }

        // AF_INET, and AF_INET6 of Linux, NetBSD and OpenBSD, FreeBSD, Darwin.
        return family is 2 or 10 or 24 or 28 or 30 ? DissectResult.Payload : DissectResult.NotIp;
    }
}
