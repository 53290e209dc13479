using System.IO.Pipelines;
using EdgeAgent.Core.Packets;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Packets;

public sealed class CaptureReaderTests
{
    private static readonly byte[] FrameA = [1, 2, 3, 4, 5];
    private static readonly byte[] FrameB = [.. Enumerable.Range(0, 90).Select(i => (byte)i)];

    public static TheoryData<string, byte[]> Files => new()
    {
        { "pcap, little endian", Pcap(false, 0xA1B2C3D4) },
        { "pcap, big endian, nanoseconds", Pcap(true, 0xA1B23C4D) },
        { "pcap, modified", Pcap(false, 0xA1B2CD34) },
        { "pcapng, little endian", PcapNg(false) },
        { "pcapng, big endian", PcapNg(true) },
    };

    [Theory]
    [InlineData(false, 0xA1B2C3D4, 123_456_780)]
    [InlineData(true, 0xA1B2C3D4, 123_456_780)]
    [InlineData(false, 0xA1B23C4D, 123_456)]
    [InlineData(true, 0xA1B23C4D, 123_456)]
    [InlineData(false, 0xA1B2CD34, 123_456_780)]
    [InlineData(true, 0xA1B2CD34, 123_456_780)]
    public async Task ReadAsync_ClassicVariants_GiveTimeLinkAndBytes(bool isBigEndian, uint magic, long ticks)
    {
        (PacketList list, CaptureReadResult result) = await PacketList.ReadAsync(new MemoryStream(Pcap(isBigEndian, magic)));

        DateTimeOffset second = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
        list.Packets.ShouldBe(
        [
            (second.AddTicks(ticks), LinkType.LinuxCooked, Convert.ToHexString(FrameA), 5),
            (second.AddSeconds(1), LinkType.LinuxCooked, Convert.ToHexString(FrameB), 1_500),
        ]);
        result.ShouldBe(new CaptureReadResult(2, 95));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ReadAsync_PcapNg_FollowsInterfacesAndSections(bool isBigEndian)
    {
        (PacketList list, CaptureReadResult result) = await PacketList.ReadAsync(new MemoryStream(PcapNg(isBigEndian)));

        DateTimeOffset second = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
        string a = Convert.ToHexString(FrameA);
        list.Packets.ShouldBe(
        [
            (second.AddTicks(1_234_560), LinkType.Ethernet, a, 5), // microseconds, the default
            (second.AddTicks(1_234_567), LinkType.Raw, Convert.ToHexString(FrameB), 2_000), // nanoseconds, cut
            (second.AddMilliseconds(500), LinkType.Null, a, 5), // 2^-10 with an offset
            (second.AddMilliseconds(500), LinkType.Ethernet, a, 5), // simple: the time before
            (second.AddTicks(10), LinkType.Ethernet, a, 5), // obsolete
            (second, LinkType.LinuxCooked2, a, 5), // second section, whole seconds
        ]);
        result.ShouldBe(new CaptureReadResult(6, 115));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task ReadAsync_OneBytePerRead_GivesTheSame(string name, byte[] file)
    {
        (PacketList whole, CaptureReadResult expected) = await PacketList.ReadAsync(new MemoryStream(file));
        foreach (int bufferBytes in (int[])[1, 16, 64, 4_096])
        {
            (PacketList dripped, CaptureReadResult actual) =
                await PacketList.ReadAsync(new DrippingStream(file, 1), bufferBytes);

            dripped.Packets.ShouldBe(whole.Packets, $"{name}, {bufferBytes}");
            actual.ShouldBe(expected, name);
        }

        expected.Packets.ShouldBePositive(name);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task ReadAsync_EveryTruncation_DeliversAPrefixAndNamesTheOffset(string name, byte[] file)
    {
        (PacketList whole, _) = await PacketList.ReadAsync(new MemoryStream(file));
        long lastGoodOffset = 0;
        for (int length = 1; length < file.Length; length++)
        {
            (PacketList list, CaptureReadResult result) = await PacketList.ReadAsync(new MemoryStream(file, 0, length));

            list.Packets.ShouldBe(whole.Packets[..list.Packets.Count], name);
            result.Packets.ShouldBe(list.Packets.Count);
            if (result.Fault is null)
            {
                lastGoodOffset = length; // the cut fell between two records
            }
            else
            {
                result.Fault.ShouldBe(length < 4 ? CaptureFault.NotACapture : CaptureFault.TruncatedRecord, $"{name} {length}");
                result.FaultOffset.ShouldBe(lastGoodOffset, $"{name} {length}");
            }
        }

        lastGoodOffset.ShouldBePositive();
    }

    [Theory]
    [InlineData(new byte[0], CaptureFault.Empty)]
    [InlineData(new byte[] { 0x47, 0x4D, 0x42, 0x55, 0, 0, 0, 0 }, CaptureFault.NetworkMonitor)]
    [InlineData(new byte[] { 0x1F, 0x8B, 8, 0, 0, 0 }, CaptureFault.GzipInside)]
    [InlineData(new byte[] { 0x50, 0x4B, 3, 4 }, CaptureFault.NotACapture)]
    public async Task ReadAsync_NoCapture_NamesWhatItIs(byte[] file, CaptureFault fault)
    {
        (_, CaptureReadResult result) = await PacketList.ReadAsync(new MemoryStream(file));

        result.ShouldBe(new CaptureReadResult(0, 0, fault));
    }

    [Fact]
    public async Task ReadAsync_RecordLengthPastTheLimit_StopsThere()
    {
        CaptureBuilder builder = new CaptureBuilder(false).Pcap(0xA1B2C3D4, 1).Record(1, 0, FrameA);
        int offset = builder.Length;
        byte[] file = builder.U32(1).U32(0).U32(262_145).U32(262_145).Raw(new byte[300_000]).ToArray();

        (_, CaptureReadResult result) = await PacketList.ReadAsync(new MemoryStream(file));

        result.ShouldBe(new CaptureReadResult(1, 5, CaptureFault.RecordTooLong, offset));
    }

    public static TheoryData<CaptureFault, byte[]> Damages => new()
    {
        { CaptureFault.CorruptBlockLength, Damage().U32(6).U32(8).U32(0).U32(8).ToArray() },
        { CaptureFault.CorruptBlockLength, Damage().U32(6).U32(33).U32(0).Raw(new byte[40]).ToArray() },
        { CaptureFault.CorruptBlockLength, Damage().U32(0xBAD).U32(16).U32(0).U32(20).ToArray() },
        { CaptureFault.CorruptBlockLength, Damage().Block(6, c => c.U32(0).U32(0).U32(0).U32(5).U32(5).U32(0)).ToArray() },
        { CaptureFault.CorruptBlockLength, Damage().Block(6, c => c.U32(0)).ToArray() },
        { CaptureFault.CorruptBlockLength, Damage().Block(3, c => { }).ToArray() },
        { CaptureFault.CorruptBlockLength, Damage().Block(1, c => c.U32(1)).ToArray() },
        { CaptureFault.CorruptSection, Damage().Block(0x0A0D0D0A, c => c.U32(0x1A2B3C4E).U32(1)).ToArray() },
        { CaptureFault.UnknownInterface, Damage().Enhanced(9, 0, FrameA).ToArray() },
        { CaptureFault.RecordTooLong, Damage().U32(6).U32(400_000).Raw(new byte[400_000]).ToArray() },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task ReadAsync_DamagedBlock_KeepsWhatCameBefore(CaptureFault fault, byte[] damage)
    {
        CaptureBuilder builder = new CaptureBuilder(false).Section().Interface(1).Enhanced(0, 1, FrameA);
        int offset = builder.Length;
        builder.Raw(damage);

        (PacketList list, CaptureReadResult result) = await PacketList.ReadAsync(new MemoryStream(builder.ToArray()));

        list.Packets.Count.ShouldBe(1);
        result.ShouldBe(new CaptureReadResult(1, 5, fault, offset));
    }

    [Fact]
    public async Task ReadAsync_SectionWithoutInterface_ForgetsThoseOfTheLast()
    {
        CaptureBuilder builder = new CaptureBuilder(false).Section().Interface(1).Section();
        int offset = builder.Length;

        (_, CaptureReadResult result) = await PacketList.ReadAsync(new MemoryStream(builder.Simple(5, FrameA).ToArray()));

        result.ShouldBe(new CaptureReadResult(0, 0, CaptureFault.UnknownInterface, offset));
    }

    [Fact]
    public async Task ReadAsync_HugeUnknownBlock_IsSkippedWithoutHoldingIt()
    {
        byte[] file = new CaptureBuilder(false).Section().Interface(1)
            .Block(0x0BAD, b => b.Raw(new byte[8 * 1024 * 1024])).Enhanced(0, 1, FrameA).ToArray();

        (PacketList list, CaptureReadResult result) = await PacketList.ReadAsync(new MemoryStream(file), 65_536);
        (_, CaptureReadResult cut) = await PacketList.ReadAsync(new MemoryStream(file, 0, 5_000_000), 65_536);

        list.Packets.Count.ShouldBe(1);
        result.Fault.ShouldBeNull();
        cut.Fault.ShouldBe(CaptureFault.TruncatedRecord);
        cut.FaultOffset.ShouldBe(new CaptureBuilder(false).Section().Interface(1).Length);
    }

    [Fact]
    public async Task ReadAsync_AbsurdStamps_StayInsideTheCalendar()
    {
        byte[] file = new CaptureBuilder(false).Section()
            .Interface(1, resolution: 0).Interface(1, resolution: 0, offset: long.MinValue).Interface(1, resolution: 127)
            .Interface(1, resolution: 255).Interface(1, resolution: 0, offset: long.MaxValue)
            .Enhanced(0, ulong.MaxValue, FrameA).Enhanced(1, 0, FrameA).Enhanced(2, ulong.MaxValue, FrameA)
            .Enhanced(3, ulong.MaxValue, FrameA).Enhanced(4, 1, FrameA).ToArray();

        (PacketList list, _) = await PacketList.ReadAsync(new MemoryStream(file));

        list.Packets.Select(p => p.At.UtcTicks).ShouldBe(
        [
            DateTime.MaxValue.Ticks, 0, DateTime.UnixEpoch.Ticks + 1, DateTime.UnixEpoch.Ticks, DateTime.MaxValue.Ticks,
        ]);
    }

    [Fact]
    public async Task ReadAsync_TooManyInterfaces_IsRefused()
    {
        byte[] file = new CaptureBuilder(false).Section().Interface(1).Interface(1).Interface(1).ToArray();
        PipeReader input = PipeReader.Create(new MemoryStream(file));

        CaptureReadResult result = await CaptureReader.ReadAsync(
            input, new PacketList(), new CaptureLimits(MaxInterfaces: 2), TestContext.Current.CancellationToken);

        result.Fault.ShouldBe(CaptureFault.TooManyInterfaces);
    }

    [Fact]
    public async Task ReadAsync_DeviceError_KeepsWhatCameBefore()
    {
        byte[] file = Pcap(false, 0xA1B2C3D4);

        (PacketList list, CaptureReadResult result) = await PacketList.ReadAsync(new FailingStream(file));

        list.Packets.Count.ShouldBe(2);
        result.Fault.ShouldBe(CaptureFault.Unreadable);
        result.FaultOffset.ShouldBe(file.Length);
    }

    [Fact]
    public async Task ReadAsync_RandomDamage_NeverThrows()
    {
        Random random = new(20_240_611);
        int faults = 0;
        foreach (byte[] file in Files.Select(row => row.Data.Item2))
        {
            for (int i = 0; i < 400; i++)
            {
                byte[] damaged = [.. file];
                for (int hits = random.Next(1, 4); hits > 0; hits--)
                {
                    damaged[random.Next(4, damaged.Length)] = (byte)random.Next(256);
                }

                (_, CaptureReadResult result) = await PacketList.ReadAsync(new MemoryStream(damaged), 16);
                faults += result.Fault is null ? 0 : 1;
            }
        }

        faults.ShouldBePositive();
    }

    private static CaptureBuilder Damage() => new(isBigEndian: false);

    private static byte[] Pcap(bool isBigEndian, uint magic)
    {
        const uint fraction = 12_345_678; // nanoseconds, or microseconds past their second: added all the same
        bool isModified = magic == 0xA1B2CD34;
        return new CaptureBuilder(isBigEndian).Pcap(magic, 113)
            .Record(1_700_000_000, fraction, FrameA, isModified: isModified)
            .Record(1_700_000_001, 0, FrameB, original: 1_500, isModified)
            .ToArray();
    }

    private static byte[] PcapNg(bool isBigEndian) => new CaptureBuilder(isBigEndian).Section()
        .Interface(1)
        .Interface(101, resolution: 9)
        .Interface(0, resolution: 0x80 | 10, offset: 1_699_999_000)
        .Enhanced(0, 1_700_000_000_123_456, FrameA)
        .Block(5, b => b.U32(0).U32(0).U32(0)) // interface statistics: not read
        .Enhanced(1, 1_700_000_000_123_456_799, FrameB, original: 2_000)
        .Enhanced(2, (1_000 * 1_024) + 512, FrameA)
        .Simple(5, FrameA)
        .Obsolete(0, 1_700_000_000_000_001, FrameA)
        .Section().Interface(276, resolution: 0).Enhanced(0, 1_700_000_000, FrameA)
        .ToArray();

    private sealed class FailingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position == Length
                ? ValueTask.FromException<int>(new IOException("Input/output error"))
                : base.ReadAsync(buffer, cancellationToken);
    }
}
