using System.Buffers.Binary;
using System.Globalization;
using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.EndToEnd;

/// <summary>Damaged files: exit 65, the fault with its byte offset on stderr, and what was readable is counted.</summary>
public sealed partial class BadInputTests : IDisposable
{
    private const int BadInput = 65;
    private readonly TemporaryDirectory _directory = new();
    private readonly byte[] _sound =
        File.ReadAllBytes(Path.Combine(TestFiles.Captures, "asterisk-crash-kill9", "wan0.pcap"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(ClassicPcap.RecordHeaderBytes - 1)]
    [InlineData(ClassicPcap.RecordHeaderBytes)]
    [InlineData(ClassicPcap.RecordHeaderBytes + 40)]
    public async Task Replay_FileCutInsideAPacket_CountsWhatStandsBefore(int bytesOfTheLastRecord)
    {
        List<int> records = ClassicPcap.RecordOffsets(_sound);
        int last = records.Count * 2 / 3;
        byte[] cut = _sound[..(records[last] + bytesOfTheLastRecord)];

        ReplayOutput output = await ReplayAsync("cut.pcap", cut);

        ShouldNameOffset(output.Error, records[last], cut.Length);
        output.Root.Member("capture").Count("packets").ShouldBe(last);
        await ShouldEqualSoundPartAsync(output, records[last]);
    }

    [Fact]
    public async Task Replay_ImpossiblePacketLength_CountsWhatStandsBefore()
    {
        List<int> records = ClassicPcap.RecordOffsets(_sound);
        int damaged = records.Count / 2;
        byte[] corrupt = [.. _sound];
        BinaryPrimitives.WriteUInt32LittleEndian(corrupt.AsSpan(records[damaged] + 8), 0x7FFF_FFFF);

        ReplayOutput output = await ReplayAsync("corrupt.pcap", corrupt);

        ShouldNameOffset(output.Error, records[damaged], records[damaged] + ClassicPcap.RecordHeaderBytes);
        output.Root.Member("capture").Count("packets").ShouldBe(damaged);
        await ShouldEqualSoundPartAsync(output, records[damaged]);
    }

    [Fact]
    public async Task Replay_DamagedFileBesideASoundOne_StillCountsTheSoundOne()
    {
        string sound = Path.Combine(TestFiles.Captures, "asterisk-crash-kill9", "wan0.pcap");
        string damaged = _directory.File("text.pcap");
        await File.WriteAllTextAsync(damaged, "no capture at all, only a text that is long enough for a header", Token);

        ReplayOutput output = await ReplayOutput.RunAnyAsync(
            Token, sound, damaged, "--trunk", "10.20.0.0/24");

        output.ExitCode.ShouldBe(BadInput);
        output.Error.ShouldContain("text.pcap");
        output.Totals.Count("attempts").ShouldBe(26);
    }

    [Theory]
    [InlineData("empty.pcap", "")]
    [InlineData("text.pcap", "no capture at all, only a text that is long enough for a header")]
    [InlineData("short.pcap", "\u00d4\u00c3")]
    public async Task Replay_NoCapture_NamesTheFileAndItsOffset(string name, string content)
    {
        string path = _directory.File(name);
        await File.WriteAllBytesAsync(path, [.. content.Select(c => (byte)c)], Token);

        ProcessRun run = await AgentBinary.RunAsync(Token, "replay", path, "--json");

        run.ExitCode.ShouldBe(BadInput);
        run.Error.ShouldContain(name);
        ShouldNameOffset(run.Error, 0, content.Length);
    }

    [Fact]
    public async Task Replay_MissingFile_SaysWhichWithoutAStackTrace()
    {
        string path = _directory.File("is-not-there.pcap");

        ProcessRun run = await AgentBinary.RunAsync(Token, "replay", path, "--json");

        run.ExitCode.ShouldNotBe(0);
        run.Error.ShouldContain("is-not-there.pcap");
        run.Error.ShouldNotContain("   at ");
    }

    private async Task<ReplayOutput> ReplayAsync(string name, byte[] content)
    {
        string path = _directory.File(name);
        await File.WriteAllBytesAsync(path, content, Token);
        ReplayOutput output = await ReplayOutput.RunAnyAsync(
            Token, path, "--trunk", "10.20.0.0/24");
        output.ExitCode.ShouldBe(BadInput, output.Error);
        output.Error.ShouldContain(name);
        return output;
    }

    /// <summary>A file that simply ends before the fault gives the same figures.</summary>
    private async Task ShouldEqualSoundPartAsync(ReplayOutput output, int soundBytes)
    {
        string path = _directory.File("sound-part.pcap");
        await File.WriteAllBytesAsync(path, _sound[..soundBytes], Token);
        ReplayOutput sound = await ReplayOutput.RunAsync(
            Token, path, "--trunk", "10.20.0.0/24");
        sound.Totals.Count("attempts").ShouldBePositive();
        NumberSums.Lines(output.Sums).ShouldBe(NumberSums.Lines(sound.Sums));
    }

    private static void ShouldNameOffset(string error, int from, int to)
    {
        IEnumerable<long> numbers = Digits().Matches(error)
            .Select(match => long.Parse(match.Value.Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture));
        numbers.ShouldContain(number => number >= from && number <= to, $"an offset from {from} to {to} in: {error}");
    }

    [GeneratedRegex("(?<![0-9A-Za-z])[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|(?<![0-9A-Za-z])[0-9]{1,18}(?![0-9])")]
    private static partial Regex Digits();
}
