using EdgeAgent.Configuration;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using EdgeAgent.Capture;
using EdgeAgent.Core.Packets;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Capture;

/// <summary>Listens on the loopback interface where the right to do so is given; elsewhere the refusal must say what is missing.</summary>
public sealed class LiveSourcesTests
{
    private const int Datagrams = 200;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StartAsync_UnknownInterface_NamesThoseThereAre()
    {
        using LiveSources sources = Sources("no-such-0", port: 5_060);

        CaptureSourceException exception = await Should.ThrowAsync<CaptureSourceException>(() => sources.StartAsync(Token));

        exception.Message.ShouldContain("'no-such-0'");
        exception.Message.ShouldContain("This host has: ");
        sources.Status.ShouldHaveSingleItem().IsUp.ShouldBeFalse();
        await sources.StopAsync(Token);
        sources.Packets.Completion.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task StartAsync_Loopback_DeliversWhatTheFilterKeepsOrNamesTheMissingRight()
    {
        using UdpClient receiver = new(new IPEndPoint(IPAddress.Loopback, 0));
        using UdpClient other = new(new IPEndPoint(IPAddress.Loopback, 0));
        IPEndPoint sip = (IPEndPoint)receiver.Client.LocalEndPoint!;
        using LiveSources sources = Sources("lo", sip.Port);
        try
        {
            await sources.StartAsync(Token);
        }
        catch (CaptureSourceException exception)
        {
            exception.Message.ShouldContain("CAP_NET_RAW");
            return;
        }

        using UdpClient sender = new();
        for (int i = 0; i < Datagrams; i++)
        {
            byte[] payload = System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"datagram {i}"));
            await sender.SendAsync(payload, sip, Token);
            await sender.SendAsync(payload, (IPEndPoint)other.Client.LocalEndPoint!, Token);
        }

        List<string> payloads = await TakeAsync(sources, Datagrams);
        await sources.StopAsync(Token);

        payloads.ShouldBe([.. Enumerable.Range(0, Datagrams).Select(i => string.Create(CultureInfo.InvariantCulture, $"datagram {i}"))]);
        sources.Packets.TryRead(out _).ShouldBeFalse();
        sources.Packets.Completion.IsCompleted.ShouldBeTrue();
        SourceStatus status = sources.Status.ShouldHaveSingleItem();
        status.ShouldBe(new SourceStatus("lo", false, Datagrams, 0, 0, 0, "stopped"));
    }

    private static async Task<List<string>> TakeAsync(LiveSources sources, int count)
    {
        List<string> payloads = [];
        while (payloads.Count < count)
        {
            QueuedPacket packet = await sources.Packets.ReadAsync(Token);
            PacketDissector.TryDissect(packet.View, out TransportPacket transport).ShouldBe(DissectResult.Payload);
            payloads.Add(System.Text.Encoding.ASCII.GetString(transport.Payload.Span));
            sources.Release(packet);
        }

        return payloads;
    }

    private static LiveSources Sources(string name, int port)
    {
        SourcesOptions options = new() { Live = [new LiveSourceOptions { Interface = name }], Ports = [port] };
        return new LiveSources(options, TimeProvider.System, NullLogger<LiveSources>.Instance);
    }
}
