using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Tests.Calls;
using EdgeAgent.Core.Tests.Cases;
using EdgeAgent.Core.Tests.Hep;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Packets;

/// <summary>Files of HEP packets one behind the other, as senders over TCP write them.</summary>
public sealed class HepStreamTests
{
    private static readonly Scenario Call = new Scenario().Answered().Finish();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1_000)]
    public async Task ReadAsync_HepPacketsInPieces_GivesEachWithItsOwnTime(int bytesPerRead)
    {
        byte[] file = File(Call);

        (PacketList list, CaptureReadResult result) = await PacketList.ReadAsync(new DrippingStream(file, bytesPerRead));

        result.Fault.ShouldBeNull();
        list.Packets.Select(packet => packet.At).ShouldBe(Call.Packets.Select(packet => packet.At));
        list.Packets.ShouldAllBe(packet => packet.Link == LinkType.ReceivedHep);
    }

    [Fact]
    public async Task ReadAsync_HepOfACall_CountsAsTheCaptureOfIt()
    {
        CapturedPacket[] packets = await CaseCapture.ReadPacketsAsync(File(Call), TestContext.Current.CancellationToken);

        EngineRun run = new EngineRun().Play(packets);
        run.Engine.Finish();

        run.Figures().ShouldBe(Call.Run.Figures());
    }

    [Fact]
    public async Task ReadAsync_FileThatEndsInsideAPacket_GivesAllBeforeItAndSaysSo()
    {
        byte[] file = File(Call);

        (PacketList list, CaptureReadResult result) = await PacketList.ReadAsync(new MemoryStream(file[..^10]));

        result.Fault.ShouldBe(CaptureFault.TruncatedRecord);
        list.Packets.Count.ShouldBe(Call.Packets.Count - 1);
    }

    [Theory]
    [InlineData(new byte[] { (byte)'H', (byte)'E', (byte)'P', (byte)'2', 0, 20 })]
    [InlineData(new byte[] { (byte)'H', (byte)'E', (byte)'P', (byte)'3', 0, 5 })] // shorter than its own header: would never get on
    [InlineData(new byte[] { (byte)'H', (byte)'E', (byte)'P', (byte)'3', 0, 0 })]
    public async Task ReadAsync_NoPacketWhereOneMustBegin_StopsThere(byte[] next)
    {
        byte[] sound = File(Call);

        (PacketList list, CaptureReadResult result) = await PacketList.ReadAsync(new MemoryStream([.. sound, .. next, .. sound]));

        result.Fault.ShouldBe(CaptureFault.CorruptHepPacket);
        result.FaultOffset.ShouldBe(sound.Length);
        list.Packets.Count.ShouldBe(Call.Packets.Count);
    }

    private static byte[] File(Scenario call) => [.. call.Packets.SelectMany(packet =>
    {
        PlainFrame frame = PlainFrame.Of(packet);
        return HepBytes.V3(System.Text.Encoding.Latin1.GetString(frame.Payload), frame.Source, frame.Destination, packet.At);
    })];
}
