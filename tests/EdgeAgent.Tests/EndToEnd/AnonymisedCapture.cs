using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Shouldly;

namespace EdgeAgent.Tests.EndToEnd;

/// <summary>A capture before and after <c>edge-agent anonymise</c>, and what the command said.</summary>
internal sealed record AnonymisedCapture(string Before, string After, JsonElement Summary)
{
    private const string TrunkOfAll = "10.20.0.0/24";

    /// <summary>The trunk of the original.</summary>
    public static string Trunk => TrunkOfAll;

    /// <summary>What stands for it.</summary>
    public string MaskedTrunk => Summary.Member("trunks").Member(TrunkOfAll)[0].GetString().ShouldNotBeNull();

    /// <summary>Runs the command and checks that it found nothing to complain of.</summary>
    public static async Task<AnonymisedCapture> MakeAsync(
        string before, string after, CancellationToken cancellationToken, params string[] options)
    {
        ProcessRun run = await AgentBinary.RunAsync(
            cancellationToken, ["anonymise", before, after, "--trunk", TrunkOfAll, "--json", .. options]);
        run.ExitCode.ShouldBe(0, run.Error);
        using JsonDocument document = JsonDocument.Parse(run.Output);
        JsonElement summary = document.RootElement.Clone();
        summary.Member("differences").GetArrayLength().ShouldBe(0, run.Error);
        return new AnonymisedCapture(before, after, summary);
    }

    /// <summary>The bytes of a capture, unpacked, one character each.</summary>
    public static string TextOf(string path)
    {
        using Stream file = File.OpenRead(path);
        using Stream stream = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return Encoding.Latin1.GetString(bytes.ToArray());
    }

    /// <summary>Addresses in the headers of the packets written: link type 101, where IP begins at once.</summary>
    public HashSet<string> HeaderAddresses()
    {
        byte[] file = File.ReadAllBytes(After);
        BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(20)).ShouldBe(101);
        HashSet<string> addresses = [];
        for (int offset = ClassicPcap.FileHeaderBytes; offset < file.Length;)
        {
            ReadOnlySpan<byte> packet = file.AsSpan(
                offset + ClassicPcap.RecordHeaderBytes, BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(offset + 8)));
            packet[0].ShouldBe((byte)0x45);
            addresses.Add(new IPAddress(packet[12..16]).ToString());
            addresses.Add(new IPAddress(packet[16..20]).ToString());
            offset += ClassicPcap.RecordHeaderBytes + packet.Length;
        }

        return addresses;
    }
}
