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

    private static DissectResult AfterEtherType(ReadOnlySpan<byte> frame, int typeAt, int headerBytes, out int offset)
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

        return type is EtherTypeIPv4 or EtherTypeIPv6 ? DissectResult.Payload : DissectResult.NotIp;
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
