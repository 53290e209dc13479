using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Pipelines;
using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Tests.Packets;

namespace EdgeAgent.Core.Tests.Cases;

/// <summary>A capture of tests/captures/cases: made by <see cref="CaseScripts"/>, committed, read back by the tests.</summary>
/// <param name="Name">File name without extension; begins with the number of the case.</param>
/// <param name="Packets">What it holds, in the order of the file.</param>
internal sealed record CaseCapture(string Name, CapturedPacket[] Packets)
{
    private const int CompressFromBytes = 200_000;

    /// <summary>The capture as a classic little-endian pcap file of Ethernet frames with microseconds.</summary>
    public byte[] ToFile()
    {
        CaptureBuilder file = new CaptureBuilder(isBigEndian: false).Pcap(0xA1B2C3D4, (uint)LinkType.Ethernet);
        foreach (CapturedPacket packet in Packets)
        {
            long microseconds = packet.At.ToUnixTimeMilliseconds() * 1000;
            file.Record((uint)(microseconds / 1_000_000), (uint)(microseconds % 1_000_000), WithChecksum(packet.Bytes), (uint)packet.OriginalLength);
        }

        return file.ToArray();
    }

    /// <summary>Writes the file, compressed where it is large, into <paramref name="directory"/>.</summary>
    public void Write(string directory)
    {
        byte[] file = ToFile();
        if (file.Length < CompressFromBytes)
        {
            File.WriteAllBytes(Path.Combine(directory, Name + ".pcap"), file);
            return;
        }

        using GZipStream zip = new(File.Create(Path.Combine(directory, Name + ".pcap.gz")), CompressionLevel.SmallestSize);
        zip.Write(file);
    }

    /// <summary>A committed file, uncompressed.</summary>
    public static byte[] Read(string path)
    {
        using Stream file = File.OpenRead(path);
        using Stream content = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using MemoryStream whole = new();
        content.CopyTo(whole);
        return whole.ToArray();
    }

    /// <summary>Packets of a committed file; they outlive the reading.</summary>
    public static async Task<CapturedPacket[]> ReadPacketsAsync(byte[] file, CancellationToken cancellationToken)
    {
        Keeper keeper = new();
        await CaptureReader.ReadAsync(PipeReader.Create(new(file)), keeper, CaptureLimits.Default, cancellationToken);
        return [.. keeper.Packets];
    }

    /// <summary>The frame with the checksum of its outer IPv4 header, which tools that verify it want right.</summary>
    private static byte[] WithChecksum(ReadOnlyMemory<byte> bytes)
    {
        const int Ethernet = 14;
        byte[] frame = bytes.ToArray();
        if (frame.Length < Ethernet + 20 || BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(12)) != 0x0800)
        {
            return frame;
        }

        Span<byte> header = frame.AsSpan(Ethernet, (frame[Ethernet] & 0xF) * 4);
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], 0);
        uint sum = 0;
        for (int i = 0; i < header.Length; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(header[i..]);
        }

        sum = (sum & 0xFFFF) + (sum >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], (ushort)~((sum & 0xFFFF) + (sum >> 16)));
        return frame;
    }

    private sealed class Keeper : ICapturedPacketSink
    {
        public List<CapturedPacket> Packets { get; } = [];

        public void OnPacket(in CapturedPacket packet) => Packets.Add(packet with { Bytes = packet.Bytes.ToArray() });
    }
}
