using EdgeAgent.Capture;
using EdgeAgent.Core.Packets;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Capture;

public sealed class PacketQueueTests
{
    [Fact]
    public void Write_QueueFull_DropsTheNewestAndCountsItForItsSource()
    {
        PacketQueue queue = new(sources: 2, maxPackets: 3, maxBytes: 1_000_000);
        for (int i = 0; i < 5; i++)
        {
            Write(queue, source: 1, second: i).ShouldBeTrue();
        }

        queue.Drops(0).ShouldBe(0);
        queue.Drops(1).ShouldBe(2);
        List<QueuedPacket> read = ReadAll(queue);
        read.Select(packet => packet.At.ToUnixTimeSeconds()).ShouldBe([0L, 1, 2]);
        queue.Bytes.ShouldBe(0);
    }

    [Fact]
    public void TryRent_PastTheBytes_CountsADropUntilABufferComesBack()
    {
        PacketQueue queue = new(sources: 1, maxPackets: 100, maxBytes: 4_096);
        int written = 0;
        while (Write(queue, source: 0, second: written))
        {
            written++;
        }

        written.ShouldBeInRange(1, 4);
        queue.Drops(0).ShouldBe(1);
        queue.Bytes.ShouldBeLessThanOrEqualTo(4_096);
        ReadAll(queue).Count.ShouldBe(written);
        Write(queue, source: 0, second: 9).ShouldBeTrue();
    }

    [Fact]
    public async Task Write_SeveralThreads_LosesNothingUncounted()
    {
        PacketQueue queue = new(sources: 3, maxPackets: 64, maxBytes: 100_000);
        const int each = 20_000;
        Task[] writers = [.. Enumerable.Range(0, 3).Select(source => Task.Run(() =>
        {
            for (int i = 0; i < each; i++)
            {
                Write(queue, source, i);
            }
        }))];
        Task<long> reader = Task.Run(async () =>
        {
            long count = 0;
            await foreach (QueuedPacket packet in queue.Reader.ReadAllAsync())
            {
                packet.View.Bytes.Length.ShouldBe(1_000);
                queue.Release(packet);
                count++;
            }

            return count;
        });

        await Task.WhenAll(writers);
        queue.Complete();
        long read = await reader;

        (read + queue.Drops(0) + queue.Drops(1) + queue.Drops(2)).ShouldBe(3 * each);
        queue.Bytes.ShouldBe(0);
    }

    [Fact]
    public void Write_AfterTheEnd_GivesTheBufferBack()
    {
        PacketQueue queue = new(sources: 1, maxPackets: 100, maxBytes: 100_000);
        queue.Complete();

        Write(queue, source: 0, second: 0);

        queue.Bytes.ShouldBe(0);
        queue.Drops(0).ShouldBe(1);
    }

    private static bool Write(PacketQueue queue, int source, int second)
    {
        byte[]? buffer = queue.TryRent(source, 1_000);
        if (buffer is not null)
        {
            DateTimeOffset at = DateTimeOffset.FromUnixTimeSeconds(second);
            queue.Write(new QueuedPacket(source, at, LinkType.Ethernet, buffer, 1_000, 1_000));
        }

        return buffer is not null;
    }

    private static List<QueuedPacket> ReadAll(PacketQueue queue)
    {
        List<QueuedPacket> packets = [];
        while (queue.Reader.TryRead(out QueuedPacket packet))
        {
            packets.Add(packet);
            queue.Release(packet);
        }

        return packets;
    }
}
