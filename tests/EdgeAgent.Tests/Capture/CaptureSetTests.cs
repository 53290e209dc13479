using System.IO.Compression;
using System.IO.Pipelines;
using EdgeAgent.Capture;
using EdgeAgent.Core.Packets;
using Shouldly;
using Xunit;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace EdgeAgent.Tests.Capture;

public sealed class CaptureSetTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("edge-agent-captures-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task ResolveAsync_RotatedDirectory_OrdersByFirstPacketWhateverTheNameAndPacking()
    {
        Write("trunk.pcap", CaptureBytes.Pcap(300, 2));
        Write("trunk.pcap1", Gzip(CaptureBytes.Pcap(100, 3)));
        Write("trunk.pcap2", Zstandard(CaptureBytes.Pcap(200, 4)));
        Write("empty.pcap", CaptureBytes.Pcap(0, 0));
        Write("README.txt", "no capture"u8.ToArray());
        Directory.CreateDirectory(Path.Combine(_directory, "older"));

        CaptureSet set = await Resolve(_directory);

        set.Files.Select(file => Path.GetFileName(file.Name)).ShouldBe(["trunk.pcap1", "trunk.pcap2", "trunk.pcap", "empty.pcap"]);
        set.Skipped.Select(Path.GetFileName).ShouldBe(["README.txt"]);
        List<long> packets = [];
        foreach (CaptureFile file in set.Files)
        {
            packets.Add((await Read(file)).Packets);
        }

        packets.ShouldBe([3, 4, 2, 0]);
    }

    [Fact]
    public async Task ResolveAsync_SeveralFaults_NamesThemAll()
    {
        string empty = Directory.CreateDirectory(Path.Combine(_directory, "empty")).FullName;

        CaptureSourceException exception = await Should.ThrowAsync<CaptureSourceException>(
            () => Resolve(Path.Combine(_directory, "none.pcap"), empty));

        exception.Message.ShouldContain("none.pcap: no such file");
        exception.Message.ShouldContain("empty: no capture file");
    }

    [Fact]
    public async Task ResolveAsync_NamedFileThatIsNoCapture_IsKeptForItsFaultToBeNamed()
    {
        string path = Write("notes.txt", "no capture"u8.ToArray());

        CaptureSet set = await Resolve(path);

        (await Read(set.Files.ShouldHaveSingleItem())).Fault.ShouldBe(CaptureFault.NotACapture);
    }

    [Fact]
    public async Task ResolveAsync_StandardInput_IsReadOnceAndUnpacked()
    {
        string path = Write("later.pcap", CaptureBytes.Pcap(500, 1));
        byte[] packed = Zstandard(CaptureBytes.Pcap(100, 5));
        int opened = 0;

        CaptureSet set = await CaptureSet.ResolveAsync(
            ["-", path, "-"],
            () =>
            {
                opened++;
                return new OneWayStream(packed);
            },
            Token);

        opened.ShouldBe(0);
        set.Files.Select(file => file.Name).ShouldBe([path, "-"]);
        set.Files[1].SizeBytes.ShouldBeNull();
        (await Read(set.Files[1])).Packets.ShouldBe(5);
        opened.ShouldBe(1);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    public async Task Open_DamagedPacking_IsAFaultAndKeepsWhatCameBefore(string kind)
    {
        byte[] file = CaptureBytes.Pcap(100, 20_000);
        byte[] packed = kind == "gzip" ? Gzip(file) : Zstandard(file);
        string cut = Write("cut", packed[..(packed.Length / 2)]);
        packed.AsSpan(packed.Length / 2, 40).Fill(0xA5);
        string damaged = Write("damaged", packed);

        foreach (string path in (string[])[cut, damaged])
        {
            CaptureSet set = await Resolve(path);
            CaptureReadResult result = await Read(set.Files[0]);

            result.Fault.ShouldNotBeNull(path);
            result.Packets.ShouldBeLessThanOrEqualTo(20_000, path);
        }

        (await Read((await Resolve(cut)).Files[0])).Packets.ShouldBeInRange(1, 19_999);
    }

    [Fact]
    public async Task Open_GzipInsideGzip_SaysSo()
    {
        string path = Write("twice.pcap.gz", Gzip(Gzip(CaptureBytes.Pcap(1, 1))));

        (await Read((await Resolve(path)).Files[0])).Fault.ShouldBe(CaptureFault.GzipInside);
    }

    [Fact]
    public async Task Open_EmptyFile_IsNamedEmpty()
    {
        string path = Write("empty.pcap", []);

        (await Read((await Resolve(path)).Files[0])).Fault.ShouldBe(CaptureFault.Empty);
    }

    private static Task<CaptureSet> Resolve(params string[] paths) =>
        CaptureSet.ResolveAsync(paths, () => throw new InvalidOperationException("standard input was not asked for"), Token);

    private static async Task<CaptureReadResult> Read(CaptureFile file)
    {
        await using Stream stream = file.Open();
        PipeReader input = PipeReader.Create(stream);
        CaptureReadResult result = await CaptureReader.ReadAsync(input, new NullSink(), CaptureLimits.Default, Token);
        await input.CompleteAsync();
        return result;
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    private static byte[] Zstandard(byte[] bytes)
    {
        using MemoryStream packed = new();
        using (CompressionStream zstd = new(packed, leaveOpen: true))
        {
            zstd.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
            zstd.Write(bytes);
        }

        return packed.ToArray();
    }

    private string Write(string name, byte[] bytes)
    {
        string path = Path.Combine(_directory, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private sealed class NullSink : ICapturedPacketSink
    {
        public void OnPacket(in CapturedPacket packet)
        {
        }
    }

    /// <summary>A stream that cannot go back and gives one byte at first, as a pipe may.</summary>
    private sealed class OneWayStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(1, buffer.Length)]);
    }
}
