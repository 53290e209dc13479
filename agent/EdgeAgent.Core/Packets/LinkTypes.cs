namespace EdgeAgent.Core.Packets;

/// <summary>Translation of the link type numbers that capture files and libpcap use.</summary>
public static class LinkTypes
{
    /// <summary>DLT_RAW of FreeBSD and Linux hosts, found in files of old writers.</summary>
    private const int RawOfBsd = 12;

    /// <summary>DLT_RAW of OpenBSD.</summary>
    private const int RawOfOpenBsd = 14;

    /// <summary>Upper bits of the field hold the length of the frame check sequence (draft-ietf-opsawg-pcap).</summary>
    private const int NumberMask = 0x03FF_FFFF;

    /// <summary>Maps a LINKTYPE_ or DLT_ number; a type that is not read keeps its number, so that it can be named.</summary>
    public static LinkType FromPcap(int linkType) => (linkType & NumberMask) switch
    {
        RawOfBsd or RawOfOpenBsd => LinkType.Raw,
        int number => (LinkType)number,
    };
}
