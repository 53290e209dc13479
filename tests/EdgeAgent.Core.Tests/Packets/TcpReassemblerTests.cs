using System.Buffers;
using System.Text;
using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Sip;
using FsCheck.Xunit;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Packets;

public sealed class TcpReassemblerTests
{
    private static readonly string[] Three = [TcpStreams.Message(1), TcpStreams.Message(2, 700), TcpStreams.Message(3)];
    private static readonly byte[] Stream = TcpStreams.Bytes(Three);

    [Fact]
    public void OnSegment_SeveralMessagesInOne_CutsEach()
    {
        TcpStreams streams = new TcpStreams().Syn().Send(0, Stream);

        streams.Messages.ShouldBe(Three);
        streams.Reassembler.BufferedBytes.ShouldBe(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(333)]
    public void OnSegment_OneMessageOverMany_CutsTheSame(int bytesPerSegment)
    {
        TcpStreams streams = new TcpStreams().Syn();
        for (int at = 0; at < Stream.Length; at += bytesPerSegment)
        {
            streams.Send(at, Stream.AsMemory(at, Math.Min(bytesPerSegment, Stream.Length - at)), at);
        }

        streams.Messages.ShouldBe(Three);
        streams.Reassembler.BufferedBytes.ShouldBe(0);
        streams.Rejections.ShouldBeEmpty();
    }

    [Fact]
    public void OnSegment_MessageLargerThanABlock_IsHandedOverWhole()
    {
        string large = TcpStreams.Message(9, 30_000);
        byte[] bytes = TcpStreams.Bytes(large, Three[0]);
        TcpStreams streams = new TcpStreams().Syn();
        for (int at = 0; at < bytes.Length; at += 1_400)
        {
            streams.Send(at, bytes.AsMemory(at, Math.Min(1_400, bytes.Length - at)));
        }

        streams.Messages.ShouldBe([large, Three[0]]);
    }

    [Fact]
    public void OnSegment_KeepAlivesBetween_AreSkipped()
    {
        byte[] bytes = TcpStreams.Bytes("\r\n\r\n", Three[0], "\r\n\r\n", "\r\n", Three[1], "\r\n");
        TcpStreams whole = new TcpStreams().Syn().Send(0, bytes);
        TcpStreams split = new TcpStreams().Syn();
        for (int at = 0; at < bytes.Length; at++)
        {
            split.Send(at, bytes.AsMemory(at, 1));
        }

        whole.Messages.ShouldBe(Three[..2]);
        split.Messages.ShouldBe(Three[..2]);
        split.Reassembler.BufferedBytes.ShouldBe(0);
        whole.Rejections.ShouldBeEmpty();
    }

    /// <summary>The receiver has the missing bytes, so the capture alone lost them: what follows is read long before MaxHold.</summary>
    [Fact]
    public void OnSegment_GapIsAcknowledged_GivesItUpAtOnce()
    {
        byte[] third = TcpStreams.Bytes(Three[2]);
        int gapEnd = Stream.Length - third.Length;
        TcpStreams streams = new TcpStreams().Syn()
            .Send(0, TcpStreams.Bytes(Three[0]))
            .Send(gapEnd, third, seconds: 1);

        streams.Acknowledge(gapEnd, seconds: 1.001).Messages.ShouldBe([Three[0]], "an acknowledgement may be ahead of its data");
        streams.Acknowledge(gapEnd - 1, seconds: 1.1).Messages.ShouldBe([Three[0]], "one byte is not acknowledged");
        streams.Acknowledge(gapEnd, seconds: 1.1).Messages.ShouldBe([Three[0], Three[2]]);

        streams.GapBytes.ShouldBe(TcpStreams.Bytes(Three[1]).Length);
        streams.Times[^1].ShouldBe(DateTimeOffset.UnixEpoch.AddSeconds(1), "it was captured then");
    }

    [Fact]
    public void OnSegment_RetransmissionAndOverlap_ChangeNothing()
    {
        TcpStreams streams = new TcpStreams().Syn()
            .Send(0, Stream.AsMemory(0, 100))
            .Send(0, Stream.AsMemory(0, 100))
            .Send(50, Stream.AsMemory(50, 100))
            .Send(20, Stream.AsMemory(20, 10))
            .Send(149, new byte[1]) // TCP keep-alive: one byte before the next
            .Send(100, Stream.AsMemory(100));

        streams.Messages.ShouldBe(Three);
        streams.Rejections.ShouldBeEmpty();
    }

    [Fact]
    public void OnSegment_OutOfOrder_WaitsAndTakesTheTimeOfTheLastToCome()
    {
        TcpStreams streams = new TcpStreams().Syn()
            .Send(200, Stream.AsMemory(200), seconds: 1)
            .Send(100, Stream.AsMemory(100, 100), seconds: 1.5);
        streams.Messages.ShouldBeEmpty();

        streams.Send(0, Stream.AsMemory(0, 100), seconds: 2);

        streams.Messages.ShouldBe(Three);
        streams.Times.ShouldAllBe(at => at == DateTimeOffset.UnixEpoch.AddSeconds(2));
        streams.GapBytes.ShouldBe(0);
        streams.Reassembler.BufferedBytes.ShouldBe(0);
    }

    [Fact]
    public void OnSegment_StartInMidStream_BeginsAtTheNextStartLine()
    {
        byte[] bytes = TcpStreams.Bytes("bbbb\r\nm=audio SIP/2.0 sip:x\r\nSIP/2.0 200 OK\r\n", Three[0], Three[1]);
        TcpStreams whole = new TcpStreams().Send(0, bytes);
        TcpStreams split = new();
        for (int at = 0; at < bytes.Length; at++)
        {
            split.Send(at, bytes.AsMemory(at, 1));
        }

        whole.Messages.ShouldBe(Three[..2]); // the quoted status line has no header behind it
        split.Messages.ShouldBe(Three[..2]);
        whole.Rejections.ShouldBeEmpty();
    }

    [Fact]
    public void OnSegment_LostSegment_IsGivenUpAfterThreeSeconds()
    {
        int second = Three[0].Length;
        int third = second + Three[1].Length;
        TcpStreams streams = new TcpStreams().Syn()
            .Send(0, Stream.AsMemory(0, second + 30))
            .Send(third, Stream.AsMemory(third), seconds: 1)
            .Send(0, default, seconds: 3.9);
        streams.Messages.Count.ShouldBe(1);

        streams.Reassembler.Advance(DateTimeOffset.UnixEpoch.AddSeconds(4), streams);

        streams.Messages.ShouldBe([Three[0], Three[2]]);
        streams.Times[1].ShouldBe(DateTimeOffset.UnixEpoch.AddSeconds(1)); // when it was captured, not when it was given up
        streams.GapBytes.ShouldBe(third - second - 30);
        streams.Rejections.ShouldBe([SipRejection.Truncated]);
        streams.Reassembler.BufferedBytes.ShouldBe(0);
    }

    [Theory]
    [InlineData(4, 262_144)]
    [InlineData(64, 250)]
    public void OnSegment_TooMuchHeld_GivesTheGapUp(int segments, int bytes)
    {
        TcpStreams streams = new TcpStreams(new TcpLimits(MaxHeldSegments: segments, MaxHeldBytes: bytes)).Syn();
        streams.Send(0, TcpStreams.Bytes(Three[0]));
        int at = Three[0].Length + 50;
        for (int i = 0; i < 5; i++)
        {
            streams.Send(at, TcpStreams.Bytes(TcpStreams.Message(i)));
            at += TcpStreams.Message(i).Length;
        }

        streams.Messages.Count.ShouldBe(6);
        streams.GapBytes.ShouldBe(50);
    }

    [Fact]
    public void OnSegment_Refused_GoesOnAtTheNextStartLine()
    {
        string bad = "INVITE sip:x SIP/2.0\r\nContent-Length: 1x\r\n\r\nv=0\r\n";
        TcpStreams streams = new TcpStreams().Syn().Send(0, TcpStreams.Bytes(Three[0], bad, Three[1]));

        streams.Messages.ShouldBe(Three[..2]);
        streams.Rejections.ShouldBe([SipRejection.BadContentLength]);
    }

    [Fact]
    public void OnSegment_RubbishBetweenMessages_IsCountedOnce()
    {
        TcpStreams streams = new TcpStreams().Syn().Send(0, TcpStreams.Bytes(Three[0], "rubbish\r\nmore\r\n", Three[1]));

        streams.Messages.ShouldBe(Three[..2]);
        streams.Rejections.ShouldBe([SipRejection.NotSip]);
    }

    [Fact]
    public void OnSegment_OtherProtocol_IsIgnoredUntilSynOrAStartLine()
    {
        byte[] noise = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("GET / HTTP/1.1\r\nHost: x\r\n\r\n", 200)));
        byte[] hidden = TcpStreams.Bytes("0123456789\r\n", Three[0]);
        TcpStreams streams = new TcpStreams().Syn().Send(0, noise);

        streams.Send(noise.Length, hidden);
        streams.Messages.ShouldBeEmpty();
        streams.Rejections.ShouldBeEmpty();
        streams.Reassembler.BufferedBytes.ShouldBe(0);

        streams.Send(90_000, TcpStreams.Bytes(Three[0]));
        streams.Messages.Count.ShouldBe(1);
        streams.GapBytes.ShouldBe(0);

        streams = new TcpStreams().Syn().Send(0, noise);
        streams.Reassembler.OnSegment(TcpStreams.Segment(499_999, default, TcpControl.Syn), DateTimeOffset.UnixEpoch, streams);
        streams.Send(500_000, hidden);
        streams.Messages.Count.ShouldBe(1);
    }

    [Fact]
    public void OnSegment_Fin_EndsTheStreamAndKnowsLateCopies()
    {
        TcpStreams streams = new TcpStreams().Syn()
            .Send(0, Stream.AsMemory(0, 120), control: TcpControl.Fin | TcpControl.Ack)
            .Send(0, Stream.AsMemory(0, 120))
            .Send(120, Stream.AsMemory(120));

        streams.Messages.ShouldBe(Three[..1]);
        streams.Rejections.ShouldBe([SipRejection.Truncated]);
    }

    [Fact]
    public void OnSegment_FinBeforeTheRest_WaitsForIt()
    {
        TcpStreams streams = new TcpStreams().Syn()
            .Send(Stream.Length, default, control: TcpControl.Fin)
            .Send(0, Stream);

        streams.Messages.ShouldBe(Three);
        streams.Rejections.ShouldBeEmpty();
    }

    [Fact]
    public void OnSegment_Reset_CountsOnlyWithTheNextNumber()
    {
        TcpStreams streams = new TcpStreams().Syn().Send(0, Stream.AsMemory(0, 120));

        streams.Send(121, default, control: TcpControl.Rst);
        streams.Reassembler.Flows.ShouldBe(1);
        streams.Send(120, default, control: TcpControl.Rst);

        streams.Reassembler.Flows.ShouldBe(0);
        streams.Rejections.ShouldBe([SipRejection.Truncated]);
    }

    [Fact]
    public void OnSegment_SynAgain_ResetsOnlyWithANewNumber()
    {
        TcpStreams streams = new TcpStreams().Syn().Send(0, Stream.AsMemory(0, 120)).Syn().Send(120, Stream.AsMemory(120));
        streams.Messages.ShouldBe(Three);

        streams.Send(4_999, default, control: TcpControl.Syn).Send(5_000, TcpStreams.Bytes(Three[0]));
        streams.Messages.Count.ShouldBe(4);
        streams.GapBytes.ShouldBe(0);
    }

    [Fact]
    public void OnSegment_PortsUsedAgainWithoutSyn_BeginsAnew()
    {
        TcpStreams streams = new TcpStreams().Syn().Send(0, Stream)
            .Send(-900_000_000, TcpStreams.Bytes(Three[0])).Send(900_000_000, TcpStreams.Bytes(Three[1]));

        streams.Messages.ShouldBe([.. Three, Three[0], Three[1]]);
    }

    [Fact]
    public void OnSegment_SnapLengthCut_ResynchronisesAtTheNextSegment()
    {
        byte[] one = TcpStreams.Bytes(Three[1]);
        TcpStreams streams = new TcpStreams().Syn()
            .Send(0, TcpStreams.Bytes(Three[0]))
            .Send(Three[0].Length, one.AsMemory(0, 90), isCut: true)
            .Send(Three[0].Length + one.Length, TcpStreams.Bytes(Three[2]));

        streams.Messages.ShouldBe([Three[0], Three[2]]);
        streams.Rejections.ShouldBe([SipRejection.Truncated]);
        streams.GapBytes.ShouldBePositive();
    }

    [Fact]
    public void OnSegment_MoreFlowsThanAllowed_ForgetsTheOneSilentLongest()
    {
        TcpStreams streams = new(new TcpLimits(MaxFlows: 3));
        for (int port = 1; port <= 3; port++)
        {
            streams.Syn(port).Send(0, Stream.AsMemory(0, 120), port: port);
        }

        streams.Send(120, default, control: TcpControl.Ack, port: 1); // 2 is now the oldest
        streams.Syn(4);

        streams.Reassembler.Flows.ShouldBe(3);
        streams.Reassembler.Evictions.ShouldBe(1);
        streams.Send(120, Stream.AsMemory(120), port: 1);
        streams.Messages.ShouldBe([Three[0], Three[0], Three[0], Three[1], Three[2]]);
    }

    [Fact]
    public void Advance_IdleFlow_IsForgotten()
    {
        TcpStreams streams = new TcpStreams().Syn().Send(0, Stream.AsMemory(0, 120));

        streams.Reassembler.Advance(DateTimeOffset.UnixEpoch.AddMinutes(10), streams);

        streams.Reassembler.Flows.ShouldBe(0);
        streams.Reassembler.BufferedBytes.ShouldBe(0);
        streams.Rejections.ShouldBe([SipRejection.Truncated]);
    }

    [Fact]
    public void OnSegment_FloodOfHalfMessages_StaysInsideTheTotal()
    {
        const int maxBytes = 100_000;
        TcpStreams streams = new(new TcpLimits(MaxBufferedBytes: maxBytes));
        for (int port = 1; port <= 2_000; port++)
        {
            streams.Syn(port).Send(0, Stream.AsMemory(0, 300), port: port).Send(5_000, Stream, port: port);
            streams.Reassembler.BufferedBytes.ShouldBeLessThanOrEqualTo(maxBytes);
        }

        streams.Send(300, Stream.AsMemory(300), port: 2_000);
        streams.Messages.TakeLast(2).ShouldBe(Three[1..]);
    }

    [Fact]
    public void Complete_HeldAndHalf_IsHandedOverAndReported()
    {
        TcpStreams streams = new TcpStreams().Syn()
            .Send(0, TcpStreams.Bytes(Three[0]))
            .Send(Three[0].Length + 10, TcpStreams.Bytes(Three[1], "BYE sip:x SIP/2.0\r\nCall"));

        streams.Reassembler.Complete(DateTimeOffset.UnixEpoch, streams);

        streams.Messages.ShouldBe(Three[..2]);
        streams.GapBytes.ShouldBe(10);
        streams.Rejections.ShouldBe([SipRejection.Truncated]);
        streams.Reassembler.Flows.ShouldBe(0);
        streams.Reassembler.BufferedBytes.ShouldBe(0);
    }

    [Property(MaxTest = 1_000)]
    public void OnSegment_AnySplitOrderAndCopies_GivesTheSameMessages(int seed)
    {
        Random random = new(seed);
        string[] messages = [.. Enumerable.Range(0, random.Next(1, 12)).Select(i => TcpStreams.Message(i, random.Next(900)))];
        byte[] stream = TcpStreams.Bytes(messages);
        TcpStreams streams = new TcpStreams().Syn();
        foreach ((int from, int length) in Shuffled(stream.Length, random))
        {
            streams.Send(from, stream.AsMemory(from, length));
        }

        streams.Messages.ShouldBe(messages);
        streams.GapBytes.ShouldBe(0);
        streams.Rejections.ShouldBeEmpty();
        streams.Reassembler.BufferedBytes.ShouldBe(0);
    }

    [Fact]
    public void OnSegment_RandomBytes_NeverThrows()
    {
        Random random = new(7);
        TcpStreams streams = new(new TcpLimits(MaxFlows: 5, MaxBufferedBytes: 20_000));
        byte[] alphabet = Encoding.ASCII.GetBytes("SIP/2.0 200 OK\r\nA: b\r\n\r\nINVITE sip:x Content-Length: 9");
        for (int i = 0; i < 50_000; i++)
        {
            int at = random.Next(alphabet.Length);
            byte[] payload = alphabet[at..random.Next(at, alphabet.Length)];
            TransportPacket segment = TcpStreams.Segment(
                random.Next(i, i + 300), payload, (TcpControl)random.Next(32), random.Next(20) == 0, random.Next(8));
            streams.Reassembler.OnSegment(segment, DateTimeOffset.UnixEpoch.AddMilliseconds(random.Next(i, i + 9_000)), streams);
        }

        streams.Reassembler.Complete(DateTimeOffset.UnixEpoch, streams);
        streams.Reassembler.BufferedBytes.ShouldBe(0);
        streams.Reassembler.Flows.ShouldBe(0);
    }

    [Fact]
    public void OnSegment_InOrderAndWarm_AllocatesNothing()
    {
        CountingSink sink = new();
        TcpReassembler reassembler = new(CutFixed, TcpLimits.Default, TcpStreams.MaxMessageBytes);
        byte[] bytes = TcpStreams.Bytes(Three[0], Three[0]);
        int at = 0;
        long allocated = Allocations.Least(() =>
        {
            for (int i = 0; i < 2_000; i++)
            {
                // Every other message lies over two segments: the pipe's block is used again and again.
                reassembler.OnSegment(TcpStreams.Segment(at, bytes.AsMemory(0, 100)), DateTimeOffset.UnixEpoch, sink);
                reassembler.OnSegment(TcpStreams.Segment(at + 100, bytes.AsMemory(100)), DateTimeOffset.UnixEpoch, sink);
                at += bytes.Length;
            }
        });

        allocated.ShouldBe(0);
        sink.Messages.ShouldBe(4_000 * Allocations.Rounds);
    }

    private static FrameResult CutFixed(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> message)
    {
        message = default;
        if (buffer.Length < Three[0].Length)
        {
            return default;
        }

        message = buffer.Slice(0, Three[0].Length);
        buffer = buffer.Slice(Three[0].Length);
        return FrameResult.Complete;
    }

    /// <summary>Cuts a stream into at most 40 pieces, repeats some, lets some overlap, and shuffles them.</summary>
    private static List<(int From, int Length)> Shuffled(int total, Random random)
    {
        List<(int From, int Length)> pieces = [];
        int largest = Math.Max(2, total / 15);
        for (int at = 0; at < total;)
        {
            int length = Math.Min(random.Next(1 + (largest / 2), largest + 1), total - at);
            int back = random.Next(4) == 0 ? Math.Min(at, random.Next(30)) : 0;
            pieces.Add((at - back, length + back));
            if (random.Next(5) == 0)
            {
                pieces.Add((at, length));
            }

            at += length;
        }

        (int From, int Length)[] array = [.. pieces];
        random.Shuffle(array);
        return [.. array];
    }
}
