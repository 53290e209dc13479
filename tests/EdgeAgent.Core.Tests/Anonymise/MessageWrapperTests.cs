using System.Text;
using EdgeAgent.Core.Anonymise;
using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Tests.Calls;
using EdgeAgent.Core.Tests.Hep;
using EdgeAgent.Core.Tests.Sip;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Anonymise;

/// <summary>What the tap of one engine shows, wrapped anew, is to another engine what the original was.</summary>
public sealed class MessageWrapperTests
{
    [Fact]
    public void Wrap_CallOnTheWire_CountsTheSame() => ShouldCountTheSame(new Scenario().Answered().Packets);

    [Fact]
    public void Wrap_CallHandedOverByHep_CountsTheSame() => ShouldCountTheSame(
        [.. new Scenario().Answered().Packets.Select(packet =>
        {
            PacketDissector.TryDissect(packet, out TransportPacket transport).ShouldBe(DissectResult.Payload);
            byte[] hep = HepBytes.V3(
                Encoding.Latin1.GetString(transport.Payload.Span), transport.Source, transport.Destination, packet.At);
            byte[] bytes = [.. new byte[SignallingEngine.HepSenderBytes], .. hep];
            return new CapturedPacket(packet.At, LinkType.ReceivedHep, bytes, bytes.Length);
        })]);

    [Fact]
    public void Wrap_MessagesOfAStream_AreOneStreamWithoutGaps()
    {
        Collector packets = new();
        MessageWrapper wrapper = new();
        for (int i = 0; i < 3; i++)
        {
            wrapper.Wrap(SipSamples.Bytes(SipSamples.Busy), TransportProtocol.Tcp, Hosts.Carrier, Hosts.Pbx, Scenario.Zero, packets);
        }

        packets.Read.Select(packet => packet.Protocol).ShouldBe([TransportProtocol.Tcp, TransportProtocol.Tcp, TransportProtocol.Tcp]);
        uint length = (uint)SipSamples.Busy.Length;
        packets.Read.Select(packet => packet.Sequence).ShouldBe([1u, 1u + length, 1u + (2 * length)]);
    }

    [Fact]
    public void Wrap_MessageThatDoesNotSayItsLength_IsADatagram()
    {
        Collector packets = new();
        byte[] message = SipSamples.Bytes(SipSamples.Busy.Replace("Content-Length: 0\r\n", "", StringComparison.Ordinal) + "body");

        new MessageWrapper().Wrap(message, TransportProtocol.Tcp, Hosts.Carrier, Hosts.Pbx, Scenario.Zero, packets);

        TransportPacket packet = packets.Read.ShouldHaveSingleItem();
        packet.Protocol.ShouldBe(TransportProtocol.Udp);
        packet.Payload.ToArray().ShouldBe(message);
    }

    private static void ShouldCountTheSame(IReadOnlyList<CapturedPacket> packets)
    {
        EngineRun after = new();
        EngineRun before = new(EngineRun.Settings() with { Tap = new Rewrapping(after.Engine) });

        before.Play(packets).Engine.Finish();
        after.Engine.Finish();

        before.Totals.Answered.ShouldBe(1);
        after.Figures().ShouldBe(before.Figures());
        after.Call.ShouldBe(before.Call with { Person = after.Call.Person });
    }

    private sealed class Rewrapping(SignallingEngine engine) : ISipTap
    {
        private readonly MessageWrapper _wrapper = new();

        public void OnSip(ReadOnlySpan<byte> bytes, TransportProtocol transport, IpEndpoint source, IpEndpoint destination, DateTimeOffset at) =>
            _wrapper.Wrap(bytes.ToArray(), transport, source, destination, at, engine);
    }

    private sealed class Collector : ICapturedPacketSink
    {
        public List<TransportPacket> Read { get; } = [];

        public void OnPacket(in CapturedPacket packet)
        {
            CapturedPacket copy = packet with { Bytes = packet.Bytes.ToArray() };
            PacketDissector.TryDissect(copy, out TransportPacket transport).ShouldBe(DissectResult.Payload);
            Read.Add(transport);
        }
    }
}
