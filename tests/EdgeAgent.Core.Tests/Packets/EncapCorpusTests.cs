using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Tests.Calls;
using EdgeAgent.Core.Tests.Sip;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Packets;

/// <summary>Frames and pieces of frames with which others test their decoders, found through EDGEAGENT_CORPUS.</summary>
public sealed class EncapCorpusTests
{
    /// <summary>What a frame without any of them holds: the test says something where the corpus is absent too.</summary>
    private static readonly byte[] Own = Frames.Ethernet(
        0x0800, Frames.IPv4(17, Frames.Udp(System.Text.Encoding.ASCII.GetBytes(SipSamples.Invite), 5060, 5060)));

    [Fact]
    public void OnPacket_WholeFramesOfOthers_HoldOneSipMessageEach()
    {
        IEnumerable<byte[]> found = Files().Where(path => Path.GetFileName(path).StartsWith("gopacket-", StringComparison.Ordinal)).Select(File.ReadAllBytes);
        foreach (byte[] frame in found.Prepend(Own))
        {
            EngineRun run = new EngineRun().Play([new CapturedPacket(Scenario.Zero, LinkType.Ethernet, frame, frame.Length)]);

            run.Engine.Counters.SipMessages.ShouldBe(1);
            run.Engine.Counters.Rejected.ShouldBeEmpty();
        }
    }

    /// <summary>Whatever a piece is taken for, and wherever it is cut, it is refused by name.</summary>
    [Fact]
    public void OnPacket_PiecesTakenForAnything_NeverThrow()
    {
        foreach (byte[] piece in Files().Select(File.ReadAllBytes).Prepend(Own))
        {
            EngineRun run = new();
            int packets = 0;
            foreach (byte[] whole in AsAnything(piece))
            {
                for (int length = whole.Length; length > 0; length--, packets++)
                {
                    run.Play([new CapturedPacket(Scenario.Zero, LinkType.Ethernet, whole.AsMemory(0, length), whole.Length)]);
                }
            }

            run.Engine.Finish();
            run.Engine.Counters.Packets.ShouldBe(packets);
        }
    }

    private static IEnumerable<string> Files() =>
        TestFiles.Corpus("encap") is string folder ? Directory.EnumerateFiles(folder, "*.bin") : [];

    /// <summary>The piece at every layer at which it may begin.</summary>
    private static IEnumerable<byte[]> AsAnything(byte[] piece) =>
    [
        piece,
        Frames.Ethernet(0x0800, piece),
        Frames.Ethernet(0x86DD, piece),
        Frames.Ethernet(0x0800, Frames.IPv4(6, piece)),
        Frames.Ethernet(0x0800, Frames.IPv4(17, piece)),
        Frames.Ethernet(0x0800, Frames.IPv4(47, piece)),
        Frames.Ethernet(0x0800, Frames.IPv4(47, [0x10, 0, 0x88, 0xBE, 0, 0, 0, 1, .. piece])),
        Frames.Ethernet(0x0800, Frames.IPv4(17, Frames.Udp(piece, 4789, 4789))),
        Frames.Ethernet(0x0800, Frames.IPv4(6, Frames.Tcp(piece, 1, 0x18))),
    ];
}
