using System.Buffers.Binary;
using System.IO.Pipelines;
using EdgeAgent.Core.Packets;

namespace EdgeAgent.Core.Tests.Packets;

/// <summary>Writes capture files of both formats and byte orders.</summary>
internal sealed class CaptureBuilder(bool isBigEndian)
{
    private readonly List<byte> _bytes = [];

    public int Length => _bytes.Count;

    public byte[] ToArray() => [.. _bytes];

    public CaptureBuilder Raw(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public CaptureBuilder Pcap(uint magic, uint link) => U32(magic).U16(2).U16(4).U32(0).U32(0).U32(262_144).U32(link);

    public CaptureBuilder Record(uint seconds, uint fraction, byte[] frame, uint? original = null, bool isModified = false)
    {
        U32(seconds).U32(fraction).U32((uint)frame.Length).U32(original ?? (uint)frame.Length);
        return (isModified ? U32(0).U32(0) : this).Raw(frame);
    }

    public CaptureBuilder Section() => Block(0x0A0D0D0A, b => b.U32(0x1A2B3C4D).U16(1).U16(0).U32(uint.MaxValue).U32(uint.MaxValue));

    public CaptureBuilder Interface(ushort link, byte? resolution = null, long? offset = null, uint snap = 0) => Block(1, b =>
    {
        b.U16(link).U16(0).U32(snap).U16(2).U16(3).Raw("lo0"u8.ToArray()).Raw(0); // if_name, odd length
        if (resolution is byte value)
        {
            b.U16(9).U16(1).Raw(value, 0, 0, 0);
        }

        if (offset is long seconds)
        {
            b.U16(14).U16(8).U64((ulong)seconds);
        }

        b.U16(0).U16(0);
    });

    public CaptureBuilder Enhanced(uint number, ulong stamp, byte[] frame, uint? original = null) => Block(6, b => b
        .U32(number).U32((uint)(stamp >> 32)).U32((uint)stamp).U32((uint)frame.Length).U32(original ?? (uint)frame.Length)
        .Padded(frame));

    public CaptureBuilder Obsolete(ushort number, ulong stamp, byte[] frame) => Block(2, b => b
        .U16(number).U16(77).U32((uint)(stamp >> 32)).U32((uint)stamp).U32((uint)frame.Length).U32((uint)frame.Length)
        .Padded(frame));

    public CaptureBuilder Simple(uint original, byte[] frame) => Block(3, b => b.U32(original).Padded(frame));

    public CaptureBuilder Block(uint type, Action<CaptureBuilder> body)
    {
        CaptureBuilder inner = new(isBigEndian);
        body(inner);
        uint length = (uint)inner.Length + 12;
        return U32(type).U32(length).Raw(inner.ToArray()).U32(length);
    }

    public CaptureBuilder U16(ushort value)
    {
        byte[] bytes = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, isBigEndian ? BinaryPrimitives.ReverseEndianness(value) : value);
        return Raw(bytes);
    }

    public CaptureBuilder U32(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, isBigEndian ? BinaryPrimitives.ReverseEndianness(value) : value);
        return Raw(bytes);
    }

    public CaptureBuilder U64(ulong value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, isBigEndian ? BinaryPrimitives.ReverseEndianness(value) : value);
        return Raw(bytes);
    }

    private CaptureBuilder Padded(byte[] frame) => Raw(frame).Raw(new byte[(4 - (frame.Length % 4)) % 4]);
}

/// <summary>Keeps copies of what a reader delivers.</summary>
internal sealed class PacketList : ICapturedPacketSink
{
    public List<(DateTimeOffset At, LinkType Link, string Hex, int OriginalLength)> Packets { get; } = [];

    public void OnPacket(in CapturedPacket packet) =>
        Packets.Add((packet.At, packet.Link, Convert.ToHexString(packet.Bytes.Span), packet.OriginalLength));

    public static async Task<(PacketList List, CaptureReadResult Result)> ReadAsync(Stream file, int bufferBytes = 4_096)
    {
        PacketList list = new();
        PipeReader input = PipeReader.Create(file, new StreamPipeReaderOptions(bufferSize: bufferBytes, minimumReadSize: 1));
        CaptureReadResult result = await CaptureReader.ReadAsync(input, list, CaptureLimits.Default, CancellationToken.None);
        await input.CompleteAsync();
        return (list, result);
    }
}

/// <summary>A stream that gives a few bytes per read, as a slow pipe would.</summary>
internal sealed class DrippingStream(byte[] bytes, int bytesPerRead) : MemoryStream(bytes)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer[..Math.Min(bytesPerRead, buffer.Length)], cancellationToken);
}
