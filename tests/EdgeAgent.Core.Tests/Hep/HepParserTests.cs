using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EdgeAgent.Core.Hep;
using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Tests.Calls;
using FsCheck.Xunit;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Hep;

public sealed class HepParserTests
{
    private const string Sip = "OPTIONS sip:x SIP/2.0\r\n\r\n";

    private static readonly DateTimeOffset At = new DateTimeOffset(2026, 3, 10, 10, 0, 0, TimeSpan.Zero).AddMicroseconds(123_456);
    private static readonly IpEndpoint Phone6 = IpEndpoint.From(IPAddress.Parse("2001:db8::1"), 5061);
    private static readonly IpEndpoint Trunk6 = IpEndpoint.From(IPAddress.Parse("2001:db8::2"), 5061);

    [Fact]
    public void TryParse_Version3_ReadsEveryField()
    {
        HepParser.TryParse(HepBytes.V3(Sip, Hosts.Pbx, Hosts.Carrier, At, key: "secret", protocol: 6), out HepPacket packet)
            .ShouldBe(HepRejection.None);

        packet.Version.ShouldBe(3);
        packet.Source.ShouldBe(Hosts.Pbx);
        packet.Destination.ShouldBe(Hosts.Carrier);
        packet.Transport.ShouldBe(TransportProtocol.Tcp);
        packet.At.ShouldBe(At);
        packet.CaptureId.ShouldBe(2_001u);
        Encoding.ASCII.GetString(packet.Key).ShouldBe("secret");
        Encoding.ASCII.GetString(packet.Payload).ShouldBe(Sip);
    }

    [Fact]
    public void TryParse_Version3OfIPv6_ReadsTheAddresses()
    {
        HepParser.TryParse(HepBytes.V3(Sip, Phone6, Trunk6, At), out HepPacket packet).ShouldBe(HepRejection.None);

        packet.Source.ShouldBe(Phone6);
        packet.Destination.ShouldBe(Trunk6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void TryParse_OlderVersions_ReadTheirFields(byte version)
    {
        HepParser.TryParse(HepBytes.Fixed(version, Sip, Hosts.Pbx, Hosts.Carrier, At), out HepPacket packet).ShouldBe(HepRejection.None);

        packet.Source.ShouldBe(Hosts.Pbx);
        packet.Destination.ShouldBe(Hosts.Carrier);
        packet.At.ShouldBe(version == 2 ? At : null);
        packet.CaptureId.ShouldBe(version == 2 ? 7u : 0u);
        Encoding.ASCII.GetString(packet.Payload).ShouldBe(Sip);
        HepParser.TryParse(HepBytes.Fixed(version, Sip, Phone6, Trunk6, At), out packet).ShouldBe(HepRejection.None);
        packet.Destination.ShouldBe(Trunk6);
    }

    public static TheoryData<string, byte[], HepRejection> Refused => new()
    {
        { "empty", [], HepRejection.HepTruncated },
        { "another protocol", "GET / HTTP/1.1"u8.ToArray(), HepRejection.HepUnknownVersion },
        { "magic alone", "HEP3"u8.ToArray(), HepRejection.HepTruncated },
        { "total shorter than its header", [.. "HEP3"u8, 0, 5, 0, 0], HepRejection.HepBadLength },
        { "chunk shorter than its header", HepBytes.Packet(HepBytes.Chunk(15, [1, 2], length: 3)), HepRejection.HepBadLength },
        { "chunk longer than the packet", HepBytes.Packet(HepBytes.Chunk(15, [1, 2], length: 900)), HepRejection.HepTruncated },
        { "half a chunk header", HepBytes.Packet([0, 0, 0, 1]), HepRejection.HepTruncated },
        { "address of three bytes", HepBytes.Packet(HepBytes.Chunk(3, [1, 2, 3])), HepRejection.HepBadLength },
        { "port of one byte", HepBytes.Packet(HepBytes.Chunk(7, [1])), HepRejection.HepBadLength },
        { "no payload", HepBytes.Packet(HepBytes.Chunks(Hosts.Pbx, Hosts.Carrier, At, null, 1, 17, 1)), HepRejection.HepIncomplete },
        { "nothing but a payload", HepBytes.Packet(HepBytes.Chunk(15, [1])), HepRejection.HepIncomplete },
        { "RTCP", HepBytes.V3("{}", Hosts.Pbx, Hosts.Carrier, At, type: 5), HepRejection.HepNotSip },
        { "a log line", HepBytes.V3("x", Hosts.Pbx, Hosts.Carrier, At, type: 100), HepRejection.HepNotSip },
        { "version 2, header length wrong", [2, 17, 2, 17, .. new byte[40]], HepRejection.HepBadLength },
        { "version 2, cut", [2, 16, 2, 17, .. new byte[20]], HepRejection.HepTruncated },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void TryParse_WhatIsNoSipInHep_NamesTheCause(string what, byte[] datagram, HepRejection expected) =>
        HepParser.TryParse(datagram, out _).ShouldBe(expected, what);

    [Fact]
    public void TryParse_DeclaredLongerThanItIs_IsReadWhileEveryChunkIsThere()
    {
        byte[] datagram = HepBytes.V3(Sip, Hosts.Pbx, Hosts.Carrier, At);
        datagram[4] = 0x40;

        HepParser.TryParse(datagram, out HepPacket packet).ShouldBe(HepRejection.None);

        Encoding.ASCII.GetString(packet.Payload).ShouldBe(Sip);
    }

    [Property(MaxTest = 500)]
    public void TryParse_AnyMutation_NeverThrows(int seed)
    {
        Random random = new(seed);
        byte[] datagram = (seed % 3) switch
        {
            0 => HepBytes.V3(Sip, Hosts.Pbx, Hosts.Carrier, At, key: "k"),
            1 => HepBytes.Fixed(2, Sip, Phone6, Trunk6, At),
            _ => HepBytes.Compressed(Sip, Hosts.Pbx, Hosts.Carrier, At, isGzip: false),
        };
        for (int i = random.Next(8); i >= 0; i--)
        {
            datagram[random.Next(datagram.Length)] = (byte)random.Next(256);
        }

        byte[] cut = datagram[..random.Next(datagram.Length + 1)];

        Should.NotThrow(() => HepParser.TryParse(cut, out _));
        Should.NotThrow(() => HepParser.LooksLikeHep(cut));
    }

    /// <summary>Packets of other senders, with what their makers say is in them; without the corpus, our own packet.</summary>
    [Fact]
    public void TryParse_PacketsOfOthers_SayWhatTheirMakersSay()
    {
        HepParser.TryParse(HepBytes.V3(Sip, Hosts.Pbx, Hosts.Carrier, At), out _).ShouldBe(HepRejection.None);
        if (Environment.GetEnvironmentVariable("EDGEAGENT_CORPUS") is not { Length: > 0 } corpus)
        {
            return;
        }

        using JsonDocument index = JsonDocument.Parse(File.ReadAllText(Path.Combine(corpus, "hep", "index.json")));
        foreach (JsonElement entry in index.RootElement.EnumerateArray())
        {
            string file = entry.GetProperty("file").GetString()!;
            HepRejection result = HepParser.TryParse(File.ReadAllBytes(Path.Combine(corpus, file)), out HepPacket packet);
            string verdict = entry.GetProperty("verdict").GetString()!;
            bool isSip = !entry.GetProperty("expected").TryGetProperty("fields", out JsonElement fields)
                || !fields.TryGetProperty("proto_type", out JsonElement type) || type.GetInt32() is 0 or 1;
            switch (isSip ? verdict : "skip-not-sip")
            {
                case "decode":
                    result.ShouldBe(HepRejection.None, file);
                    ShouldEqual(packet, fields, file);
                    break;
                case "skip-not-sip":
                    result.ShouldBe(HepRejection.HepNotSip, file);
                    break;
                default:
                    result.ShouldNotBe(HepRejection.None, file);
                    break;
            }
        }
    }

    private static void ShouldEqual(in HepPacket packet, JsonElement fields, string file)
    {
        packet.Source.ShouldBe(EndpointOf(fields, "src"), file);
        packet.Destination.ShouldBe(EndpointOf(fields, "dst"), file);
        Convert.ToHexStringLower(SHA256.HashData(packet.Payload)).ShouldBe(fields.GetProperty("payload_sha256").GetString(), file);
        if (fields.TryGetProperty("ts_sec", out JsonElement seconds))
        {
            packet.At.ShouldBe(
                DateTimeOffset.FromUnixTimeSeconds(seconds.GetInt64()).AddMicroseconds(fields.GetProperty("ts_usec").GetInt64()), file);
        }

        if (fields.TryGetProperty("auth_key", out JsonElement key))
        {
            Encoding.ASCII.GetString(packet.Key).ShouldBe(key.GetString(), file);
        }
    }

    private static IpEndpoint EndpointOf(JsonElement fields, string side) => IpEndpoint.From(
        IPAddress.Parse(fields.GetProperty($"{side}_ip").GetString()!), fields.GetProperty($"{side}_port").GetUInt16());
}
