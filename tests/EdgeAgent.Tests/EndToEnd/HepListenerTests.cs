using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using EdgeAgent.Core.Packets;
using EdgeAgent.Tests.Cli;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.EndToEnd;

/// <summary>The daemon on its HEP addresses: what a PBX hands over counts as a capture of the same traffic does.</summary>
public sealed class HepListenerTests
{
    private const string Key = "shared-key";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The capture is days old: every sender's clock is off, and none of it may count in a minute of the past.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_TrafficHandedOver_CountsAsReplayOfTheCapture(bool isTcp)
    {
        string capture = Path.Combine(TestFiles.Captures, "asterisk-crash-kill9", "wan0.pcap");
        List<byte[]> packets = await HepOfAsync(capture, Key);
        using TemporaryDirectory directory = new();
        int port = FreePort();
        string configuration = Configuration(directory, port);
        using AgentProcess agent = AgentProcess.Start(["run", "--config", configuration]);
        await StatusAsync(configuration, agent, status => status.GetProperty("sources").GetArrayLength() == 2);

        await SendAsync(packets, port, isTcp);
        JsonElement status = await StatusAsync(
            configuration, agent, status => Signalling(status).GetProperty("sipMessages").GetInt64() >= packets.Count);

        ReplayOutput replay = await ReplayOutput.RunAsync(Token, capture, "--trunk", "10.20.0.2", "--trunk", "10.20.0.3");
        JsonElement today = status.GetProperty("today");
        today.GetProperty("attempts").GetInt64().ShouldBe(replay.Sums.Values.Sum(sum => sum.Attempts));
        today.GetProperty("answered").GetInt64().ShouldBe(replay.Sums.Values.Sum(sum => sum.Answered));
        Signalling(status).GetProperty("rejected").EnumerateObject().ShouldBeEmpty();
        Signalling(status).GetProperty("hepSenders").EnumerateArray().ShouldHaveSingleItem()
            .GetProperty("packets").GetInt64().ShouldBe(packets.Count);
    }

    [Fact]
    public async Task Run_StrangersWrongKeysAndOtherProtocols_AreRefusedAndCounted()
    {
        using TemporaryDirectory directory = new();
        int port = FreePort();
        string configuration = Configuration(directory, port, allow: "127.0.0.2");
        List<byte[]> forged = await HepOfAsync(Path.Combine(TestFiles.Captures, "asterisk-crash-kill9", "wan0.pcap"), "another-key");
        using AgentProcess agent = AgentProcess.Start(["run", "--config", configuration]);
        await StatusAsync(configuration, agent, status => status.GetProperty("sources").GetArrayLength() == 2);

        await SendAsync(forged[..10], port, isTcp: false); // from 127.0.0.1: a stranger
        await SendAsync(forged[..7], port, isTcp: false, from: IPAddress.Parse("127.0.0.2"));
        await SendAsync([.. forged[..3], "GET / HTTP/1.1\r\n\r\n"u8.ToArray()], port, isTcp: true, from: IPAddress.Parse("127.0.0.2"));
        JsonElement status = await StatusAsync(configuration, agent, status =>
            Signalling(status).GetProperty("rejected").TryGetProperty("hepWrongKey", out JsonElement wrong) && wrong.GetInt64() == 10
            && Refused(status, "udp") == 10 && Refused(status, "tcp") == 1);

        status.GetProperty("today").GetProperty("attempts").GetInt64().ShouldBe(0);
    }

    private static JsonElement Signalling(JsonElement status) => status.GetProperty("signalling");

    private static long Refused(JsonElement status, string transport) => status.GetProperty("sources").EnumerateArray()
        .Single(source => source.GetProperty("name").GetString()!.Contains(transport, StringComparison.Ordinal)).GetProperty("refused").GetInt64();

    /// <summary>Asks until the status is as awaited.</summary>
    private static async Task<JsonElement> StatusAsync(string configuration, AgentProcess agent, Func<JsonElement, bool> isAwaited)
    {
        string last = "";
        for (int i = 0; i < 100; i++)
        {
            ProcessRun run = await AgentBinary.RunAsync(Token, "status", "--json", "--socket", Path.Combine(Path.GetDirectoryName(configuration)!, "agent.sock"));
            last = run.Output;
            if (run.ExitCode is 0 or 1)
            {
                JsonElement status = JsonDocument.Parse(run.Output).RootElement;
                if (Signalling(status).ValueKind == JsonValueKind.Object && isAwaited(status))
                {
                    return status;
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), Token);
        }

        throw new TimeoutException($"status was never as awaited; last: {last}; agent: {agent.Error}{agent.Output}");
    }

    private static async Task SendAsync(IEnumerable<byte[]> packets, int port, bool isTcp, IPAddress? from = null)
    {
        using Socket socket = isTcp
            ? new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(from ?? IPAddress.Loopback, 0));
        await socket.ConnectAsync(IPAddress.Loopback, port, Token);
        foreach (byte[] packet in packets)
        {
            int first = isTcp ? packet.Length / 2 : packet.Length; // a packet over two segments, and two in one
            await socket.SendAsync(packet.AsMemory(0, first), Token);
            if (first < packet.Length)
            {
                await socket.SendAsync(packet.AsMemory(first), Token);
            }
        }

        if (isTcp)
        {
            socket.Shutdown(SocketShutdown.Send);
            await socket.ReceiveAsync(new byte[1], Token); // until the agent has read all and closes
        }
    }

    private static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>Every SIP message of a capture as the HEP packet a PBX would send for it.</summary>
    private static async Task<List<byte[]>> HepOfAsync(string capture, string key)
    {
        HepWriter writer = new(key);
        await using FileStream file = File.OpenRead(capture);
        await CaptureReader.ReadAsync(PipeReader.Create(file), writer, CaptureLimits.Default, Token);
        writer.Packets.Count.ShouldBeGreaterThan(100);
        return writer.Packets;
    }

    private static string Configuration(TemporaryDirectory directory, int port, string allow = "127.0.0.0/8")
    {
        string key = directory.File("hep-key");
        File.WriteAllText(key, Key + "\n");
        string text = string.Create(CultureInfo.InvariantCulture, $"""
            agentId: gateway-hep
            trunks:
              - name: carrier
                hosts: [10.20.0.2, 10.20.0.3]
            sources:
              hep:
                listen: [127.0.0.1:{port}]
                allow: [{allow}]
                keyFile: {key}
            store:
              directory: {directory.File("store")}
            controlSocket: {directory.File("agent.sock")}
            """);
        string path = directory.File("agent.yaml");
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>One segment of the capture holds one message.</summary>
    private sealed class HepWriter(string key) : ICapturedPacketSink
    {
        public List<byte[]> Packets { get; } = [];

        public void OnPacket(in CapturedPacket packet)
        {
            if (PacketDissector.TryDissect(packet, out TransportPacket transport) != DissectResult.Payload
                || transport.Payload.Span.IndexOf("SIP/2.0"u8) < 0)
            {
                return;
            }

            Packets.Add(HepPackets.Of(
                transport.Payload.ToArray(),
                (byte)transport.Protocol,
                new IPEndPoint(transport.Source.ToIPAddress(), transport.Source.Port),
                new IPEndPoint(transport.Destination.ToIPAddress(), transport.Destination.Port),
                packet.At,
                key));
        }
    }
}
