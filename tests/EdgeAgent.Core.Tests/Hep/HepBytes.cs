using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using EdgeAgent.Core.Packets;

namespace EdgeAgent.Core.Tests.Hep;

/// <summary>Builds HEP packets byte by byte, so that tests do not lean on the code they test.</summary>
internal static class HepBytes
{
    public const int Payload = 15;
    public const int CompressedPayload = 16;

    /// <summary>A version 3 packet as res_hep of Asterisk writes it.</summary>
    public static byte[] V3(
        string sip, IpEndpoint source, IpEndpoint destination, DateTimeOffset at, string? key = null, byte type = 1, byte protocol = 17, uint id = 2_001) =>
        Packet(Chunks(source, destination, at, key, type, protocol, id), Chunk(Payload, Encoding.Latin1.GetBytes(sip)));

    public static byte[] Compressed(string sip, IpEndpoint source, IpEndpoint destination, DateTimeOffset at, bool isGzip)
    {
        using MemoryStream target = new();
        using (Stream zip = isGzip ? new GZipStream(target, CompressionLevel.Optimal) : new ZLibStream(target, CompressionLevel.Optimal))
        {
            zip.Write(Encoding.Latin1.GetBytes(sip));
        }

        return Packet(Chunks(source, destination, at, null, 1, 17, 1), Chunk(CompressedPayload, target.ToArray()));
    }

    /// <summary>Versions 1 and 2; the time of version 2 in little-endian byte order, as nearly every sender has it.</summary>
    public static byte[] Fixed(byte version, string sip, IpEndpoint source, IpEndpoint destination, DateTimeOffset at)
    {
        byte[] time = new byte[12];
        BinaryPrimitives.WriteUInt32LittleEndian(time, (uint)at.ToUnixTimeSeconds());
        BinaryPrimitives.WriteUInt32LittleEndian(time.AsSpan(4), (uint)(at.UtcTicks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond));
        time[8] = 7;
        bool isIPv4 = source.IsIPv4;
        byte[] addresses = [.. Address(source), .. Address(destination)];
        return
        [
            version, (byte)(8 + addresses.Length), (byte)(isIPv4 ? 2 : 10), 17, .. Number(source.Port), .. Number(destination.Port),
            .. addresses, .. version == 2 ? time : [], .. Encoding.Latin1.GetBytes(sip),
        ];
    }

    public static byte[] Packet(params byte[][] chunks)
    {
        byte[] body = [.. chunks.SelectMany(chunk => chunk)];
        return [.. "HEP3"u8, .. Number((ushort)(body.Length + 6)), .. body];
    }

    public static byte[] Chunk(int type, byte[] value, ushort vendor = 0, int? length = null) =>
        [.. Number(vendor), .. Number((ushort)type), .. Number((ushort)(length ?? (value.Length + 6))), .. value];

    public static byte[] Chunks(
        IpEndpoint source, IpEndpoint destination, DateTimeOffset at, string? key, byte type, byte protocol, uint id)
    {
        bool isIPv4 = source.IsIPv4;
        return
        [
            .. Chunk(1, [(byte)(isIPv4 ? 2 : 10)]), .. Chunk(2, [protocol]),
            .. Chunk(isIPv4 ? 3 : 5, Address(source)), .. Chunk(isIPv4 ? 4 : 6, Address(destination)),
            .. Chunk(7, Number(source.Port)), .. Chunk(8, Number(destination.Port)),
            .. Chunk(9, Number((uint)at.ToUnixTimeSeconds())),
            .. Chunk(10, Number((uint)(at.UtcTicks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond))),
            .. Chunk(11, [type]), .. Chunk(12, Number(id)), .. key is null ? [] : Chunk(14, Encoding.Latin1.GetBytes(key)),
            .. Chunk(17, "call-1@pbx.test"u8.ToArray()), .. Chunk(1, [1, 2, 3], vendor: 9),
        ];
    }

    private static byte[] Number(ushort value) => [(byte)(value >> 8), (byte)value];

    private static byte[] Number(uint value) => [.. Number((ushort)(value >> 16)), .. Number((ushort)value)];

    private static byte[] Address(IpEndpoint endpoint) => endpoint.ToIPAddress().GetAddressBytes();
}
