using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace EdgeAgent.Tests.EndToEnd;

/// <summary>Writes HEP version 3 packets as a PBX does, apart from the reader under test.</summary>
internal static class HepPackets
{
    private const ushort SipPort = 5060;

    /// <summary>One SIP message over UDP between two hosts, from the first to the second or back.</summary>
    public static byte[] Of(string sip, string first, string second, bool isFromFirst, DateTimeOffset at)
    {
        (string source, string destination) = isFromFirst ? (first, second) : (second, first);
        return Of(
            Encoding.ASCII.GetBytes(sip), protocol: 17, new IPEndPoint(IPAddress.Parse(source), SipPort), new IPEndPoint(IPAddress.Parse(destination), SipPort), at);
    }

    /// <summary>One SIP message as it passed between two endpoints.</summary>
    /// <param name="sip">The message.</param>
    /// <param name="protocol">IP protocol it travelled over.</param>
    /// <param name="source">Sender.</param>
    /// <param name="destination">Receiver.</param>
    /// <param name="at">Time of capture.</param>
    /// <param name="key">Authentication key; null for none.</param>
    public static byte[] Of(byte[] sip, byte protocol, IPEndPoint source, IPEndPoint destination, DateTimeOffset at, string? key = null)
    {
        byte[] body =
        [
            .. Chunk(1, [2]), .. Chunk(2, [protocol]),
            .. Chunk(3, source.Address.GetAddressBytes()), .. Chunk(4, destination.Address.GetAddressBytes()),
            .. Chunk(7, Bytes((ushort)source.Port)), .. Chunk(8, Bytes((ushort)destination.Port)),
            .. Chunk(9, Bytes((uint)at.ToUnixTimeSeconds())),
            .. Chunk(10, Bytes((uint)(at.UtcTicks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond))),
            .. Chunk(11, [1]), .. Chunk(12, Bytes(2_001u)), .. key is null ? [] : Chunk(14, Encoding.ASCII.GetBytes(key)), .. Chunk(15, sip),
        ];
        return [.. "HEP3"u8, .. Bytes((ushort)(body.Length + 6)), .. body];
    }

    private static byte[] Chunk(ushort type, byte[] value) => [0, 0, .. Bytes(type), .. Bytes((ushort)(value.Length + 6)), .. value];

    private static byte[] Bytes(ushort value)
    {
        byte[] bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Bytes(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }
}
