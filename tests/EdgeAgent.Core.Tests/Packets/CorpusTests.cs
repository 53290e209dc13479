using System.Globalization;
using System.IO.Pipelines;
using EdgeAgent.Core.Packets;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Packets;

/// <summary>
/// Captures of others, found through EDGEAGENT_CORPUS. They are not part of the repository: where they are absent the
/// tests hold for the capture they build themselves.
/// </summary>
public sealed class CorpusTests
{
    [Fact]
    public async Task ReadAsync_EveryCapture_CountsThePacketsOfTheIndex()
    {
        List<(string Path, long Packets)> captures = [(await WriteOwnCaptureAsync(), 3), .. Indexed()];
        try
        {
            foreach ((string path, long packets) in captures)
            {
                (_, CaptureReadResult result, Tally tally) = await ReadAsync(path);

                tally.Frames.ShouldBe(packets, path);
                result.Packets.ShouldBe(packets, path);
            }
        }
        finally
        {
            File.Delete(captures[0].Path);
        }
    }

    [Fact]
    public async Task ReadAsync_DerivedCaptures_AreReadAsFarAsTheyGo()
    {
        string own = await WriteOwnCaptureAsync();
        string? corpus = Environment.GetEnvironmentVariable("EDGEAGENT_CORPUS");
        string derived = Path.Combine(corpus ?? "", "derived");
        IEnumerable<string> found = corpus is null || !Directory.Exists(derived)
            ? []
            : Directory.EnumerateFiles(derived).Where(path => Path.GetExtension(path) is ".pcap" or ".pcapng");
        try
        {
            foreach (string path in found.Prepend(own))
            {
                (string name, CaptureReadResult result, Tally tally) = await ReadAsync(path);

                result.Fault.ShouldBe(name == "truncated-file.pcap" ? CaptureFault.TruncatedRecord : null, path);
                tally.Frames.ShouldBePositive(path);
            }
        }
        finally
        {
            File.Delete(own);
        }
    }

    private static IEnumerable<(string Path, long Packets)> Indexed()
    {
        string? corpus = Environment.GetEnvironmentVariable("EDGEAGENT_CORPUS");
        string index = Path.Combine(corpus ?? "", "index.csv");
        if (corpus is null || !File.Exists(index))
        {
            yield break;
        }

        string[] header = File.ReadLines(index).First().Split(',');
        int packets = Array.IndexOf(header, "packets");
        int type = Array.IndexOf(header, "file_type");
        foreach (string line in File.ReadLines(index).Skip(1))
        {
            string[] cells = line.Split(',');
            if (cells[type] is "pcap" or "pcapng") // one capture is of Network Monitor
            {
                yield return (Path.Combine(corpus, cells[0]), long.Parse(cells[packets], CultureInfo.InvariantCulture));
            }
        }
    }

    private static async Task<(string Name, CaptureReadResult Result, Tally Tally)> ReadAsync(string path)
    {
        Tally tally = new();
        await using FileStream file = File.OpenRead(path);
        PipeReader input = PipeReader.Create(file);
        CaptureReadResult result = await CaptureReader.ReadAsync(
            input, tally, CaptureLimits.Default, TestContext.Current.CancellationToken);
        await input.CompleteAsync();
        return (Path.GetFileName(path), result, tally);
    }

    private static async Task<string> WriteOwnCaptureAsync()
    {
        string path = Path.GetTempFileName();
        byte[] frame = Frames.Ethernet(0x0800, Frames.IPv4(17, Frames.Udp("hello"u8)));
        CaptureBuilder builder = new CaptureBuilder(isBigEndian: true).Pcap(0xA1B2C3D4, 1)
            .Record(1, 0, frame).Record(2, 0, frame).Record(3, 0, frame);
        await File.WriteAllBytesAsync(path, builder.ToArray(), TestContext.Current.CancellationToken);
        return path;
    }

    /// <summary>Dissects what it is given: real traffic must not throw either.</summary>
    private sealed class Tally : ICapturedPacketSink
    {
        public long Frames { get; private set; }

        public void OnPacket(in CapturedPacket packet)
        {
            Frames++;
            PacketDissector.TryDissect(packet, out TransportPacket transport);
            transport.Payload.Length.ShouldBeLessThanOrEqualTo(packet.Bytes.Length);
        }
    }
}
