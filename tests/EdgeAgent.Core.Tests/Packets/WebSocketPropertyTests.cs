using EdgeAgent.Core.Packets;
using FsCheck.Xunit;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Packets;

public sealed class WebSocketPropertyTests
{
    [Property(MaxTest = 1_000)]
    public void OnSegment_AnyMessagesInAnyFrames_AreReadWholeAndInSingleBytes(int seed)
    {
        Random random = new(seed);
        string[] messages = [.. Enumerable.Range(0, random.Next(1, 8)).Select(i => WebSocketFrames.Message(i, random.Next(400)))];
        byte[] stream = WebSocketFrames.Stream(messages.Select(message => (object)Frames(message, random)).Prepend(WebSocketFrames.Request));

        foreach (int bytes in (int[])[stream.Length, 1, random.Next(2, 600)])
        {
            TcpStreams streams = WebSocketTests.SendIn(bytes, stream);

            streams.Messages.ShouldBe(messages);
            streams.Rejections.ShouldBeEmpty();
            streams.Reassembler.BufferedBytes.ShouldBe(0);
        }
    }

    /// <summary>Whatever the stream holds: heads that lie, halves, other protocols, plain SIP.</summary>
    [Property(MaxTest = 2_000)]
    public void OnSegment_AnyBytes_AreReadTheSameInSingleBytes(int seed)
    {
        Random random = new(seed);
        byte[] stream = WebSocketFrames.Stream(Enumerable.Range(0, random.Next(1, 9)).Select(i => Piece(i, random)));
        TcpStreams whole = WebSocketTests.SendIn(stream.Length, stream);

        foreach (int bytes in (int[])[1, random.Next(2, 100)])
        {
            TcpStreams split = WebSocketTests.SendIn(bytes, stream);

            split.Messages.ShouldBe(whole.Messages);
            split.Rejections.ShouldBe(whole.Rejections);
        }
    }

    [Fact]
    public void OnSegment_FramesInOrderAndWarm_AllocatesNothing()
    {
        byte[] stream = WebSocketFrames.Stream(
            WebSocketFrames.Fragmented(WebSocketFrames.Message(1, 300), 90, key: WebSocketFrames.Key),
            WebSocketFrames.Frame(WebSocketFrames.Message(2)));
        CountingSink counter = new();
        TcpReassembler reassembler = new(TcpStreams.TryCut, TcpLimits.Default, TcpStreams.MaxMessageBytes);
        int at = 0;
        long allocated = Allocations.Least(() =>
        {
            for (int i = 0; i < 1_000; i++)
            {
                // Cut inside a frame's head: the pipe is used as well.
                reassembler.OnSegment(TcpStreams.Segment(at, stream.AsMemory(0, 101)), DateTimeOffset.UnixEpoch, counter);
                reassembler.OnSegment(TcpStreams.Segment(at + 101, stream.AsMemory(101)), DateTimeOffset.UnixEpoch, counter);
                at += stream.Length;
            }
        });

        allocated.ShouldBe(0);
        counter.Messages.ShouldBe(2_000 * Allocations.Rounds);
    }

    private static byte[] Frames(string message, Random random)
    {
        uint? key = random.Next(2) == 0 ? null : (uint)random.NextInt64(uint.MaxValue);
        byte opcode = random.Next(2) == 0 ? WebSocketFrames.Text : WebSocketFrames.Binary;
        return WebSocketFrames.Fragmented(message, random.Next(1, message.Length + 2), opcode, key);
    }

    private static object Piece(int number, Random random)
    {
        string message = WebSocketFrames.Message(number, random.Next(200));
        byte[] junk = new byte[random.Next(60)];
        random.NextBytes(junk);
        byte[] frames = Frames(message, random);
        return random.Next(9) switch
        {
            0 => WebSocketFrames.Request,
            1 => WebSocketFrames.Response,
            2 => WebSocketFrames.Request.Replace("SIP", "other", StringComparison.Ordinal),
            3 => TcpStreams.Message(number, random.Next(200)),
            4 => junk,
            5 => frames[..random.Next(frames.Length)],
            6 => new byte[] { (byte)random.Next(256), (byte)random.Next(256) },
            7 => WebSocketFrames.Frame(message),
            _ => frames,
        };
    }
}
