using System.Buffers;
using System.Text.Json;
using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Sip;
using EdgeAgent.Core.Tests.Packets;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Sip;

/// <summary>Streams that another project cuts messages from, found through EDGEAGENT_CORPUS: the same messages must come out here.</summary>
public sealed class CorpusStreamTests
{
    /// <summary>What is counted as refused; everything else that is no message was never SIP.</summary>
    private static readonly Dictionary<string, SipRejection[]> Refused = new(StringComparer.Ordinal)
    {
        ["nextcaller-badresponseline.stream"] = [SipRejection.NotSip], // "SIP/2.0 OK": meant for SIP, so it is counted
        ["nextcaller-clen_non_numeric.stream"] = [SipRejection.BadContentLength],
    };

    [Theory]
    [InlineData(100_000)]
    [InlineData(1)]
    [InlineData(5)]
    public void OnSegment_EveryStreamOfTheCorpus_GivesItsMessages(int bytesPerSegment)
    {
        Read(SipSamples.Bytes("junk\r\n" + SipSamples.Invite + SipSamples.Busy), bytesPerSegment).Messages
            .ShouldBe([SipSamples.Invite, SipSamples.Busy]);
        if (TestFiles.Corpus("streams") is string folder)
        {
            string[] streams = [.. Directory.EnumerateFiles(folder, "*.stream")];
            streams.Length.ShouldBe(11);
            foreach (string path in streams)
            {
                using JsonDocument expected = JsonDocument.Parse(File.ReadAllText(Path.ChangeExtension(path, ".expected.json")));
                TcpStreams actual = Read(File.ReadAllBytes(path), bytesPerSegment);
                string name = Path.GetFileName(path);

                actual.Messages.ShouldBe([.. expected.RootElement.GetProperty("Messages").EnumerateArray().Select(each => each.GetString()!)], name);
                actual.Rejections.ShouldBe([.. Refused.GetValueOrDefault(name, [])], name);
            }
        }
    }

    private static TcpStreams Read(byte[] bytes, int bytesPerSegment)
    {
        TcpStreams streams = new TcpStreams().Syn();
        TcpReassembler reassembler = new(
            (ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> message) =>
                SipFramer.TryCut(ref buffer, SipLimits.Default, out message),
            TcpLimits.Default,
            SipLimits.Default.MaxMessageBytes);
        for (int at = 0; at < bytes.Length; at += bytesPerSegment)
        {
            TransportPacket segment = TcpStreams.Segment(at, bytes.AsMemory(at, Math.Min(bytesPerSegment, bytes.Length - at)));
            reassembler.OnSegment(segment, DateTimeOffset.UnixEpoch, streams);
        }

        return streams;
    }
}
