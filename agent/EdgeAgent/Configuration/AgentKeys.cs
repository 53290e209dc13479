using static EdgeAgent.Configuration.Scalars;

namespace EdgeAgent.Configuration;

/// <summary>Every key of the configuration with its type and range: the one place where they stand.</summary>
internal static class AgentKeys
{
    /// <summary>The whole file.</summary>
    public static GroupRule Root { get; } = new(
        ("agentId", Id()),
        ("trunks", new ListRule(Trunk())),
        ("phones", new ListRule(Network())),
        ("sources", Sources()),
        ("numbers", Numbers()),
        ("identity", new GroupRule(("order", Headers()))),
        ("mqtt", Mqtt()),
        ("commands", Commands()),
        ("store", Store()),
        ("guards", Guards()),
        ("limits", Limits()),
        ("controlSocket", SocketPath()));

    /// <summary>True for a character of an agent id.</summary>
    public static bool IsIdCharacter(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-';

    private static KeyRule Id() => Text("name of 1 to 40 characters out of a-z, 0-9 and -", text => text.Length <= 40 && text.All(IsIdCharacter));

    private static GroupRule Trunk() => new(
        ("name", Text(
            "name of 1 to 40 letters, digits, dots, dashes and underscores",
            text => text.Length <= 40 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))),
        ("hosts", new ListRule(Host())),
        ("port", Port()),
        ("identity", Headers()));

    private static GroupRule Sources() => new(
        ("live", new ListRule(new GroupRule(
            ("interface", Text(
                "interface name of 1 to 15 characters (IFNAMSIZ)",
                text => text.Length <= 15 && !text.Any(c => char.IsWhiteSpace(c) || c == '/'))),
            ("snapLengthBytes", Size("256", "256 KiB")),
            ("ringBytes", Size("64 KiB", "1 GiB")),
            ("promiscuous", Flag())))),
        ("hep", new GroupRule(
            ("listen", new ListRule(Text(
                "address and port such as 127.0.0.1:9060 or [::1]:9060",
                text => System.Net.IPEndPoint.TryParse(text, out System.Net.IPEndPoint? endpoint) && endpoint.Port > 0))),
            ("allow", new ListRule(Network())),
            ("keyFile", Credential()))),
        ("ports", new ListRule(Port())),
        ("anyPort", Flag()),
        ("tunnels", new ListRule(OneOf<TunnelKind>())),
        ("queuePackets", Whole(64, 1_048_576)),
        ("queueBytes", Size("1 MiB", "1 GiB")));

    private static GroupRule Numbers() => new(
        ("defaultRegion", Text("region of two capital letters such as FR", text => text.Length == 2 && text.All(char.IsAsciiLetterUpper))),
        ("dialPrefixes", new ListRule(Text(
            "dial prefix of 1 to 8 characters out of 0-9, * and #",
            text => text.Length <= 8 && text.All(c => char.IsAsciiDigit(c) || c is '*' or '#')))),
        ("client", Id()),
        ("registered", new ListRule(Text(
            "number in E.164 form such as +33199000001",
            text => text.Length is >= 8 and <= 16 && text[0] == '+' && text[1] != '0' && text[1..].All(char.IsAsciiDigit)))));

    private static GroupRule Mqtt() => new([
        .. Broker(),
        ("standby", new GroupRule([.. Broker(), ("after", Duration("1 s", "24 h"))])),
        ("topicPrefix", Topic()),
        ("keepAlive", Duration("1 s", "18 h")),
        ("ackTimeout", Duration("1 s", "10 min")),
        ("inFlight", Whole(1, 100)),
        ("sessionExpiry", Duration("0 s", "30 d")),
        ("messageExpiry", Duration("0 s", "365 d")),
    ]);

    private static (string Name, KeyRule Rule)[] Broker() =>
    [
        ("url", new ScalarRule(ReadBroker)),
        ("username", Text("user name of at most 256 characters", text => text.Length <= 256)),
        ("passwordFile", Credential()),
        ("tls", new GroupRule(("caFile", Path()), ("clientCertificateFile", Path()), ("clientKeyFile", Path()))),
        ("protocol", Text("protocol out of auto, 5 and 3.1.1", text => text is "auto" or "5" or "3.1.1")),
        ("requireSubscriber", Flag()),
    ];

    private static GroupRule Commands() => new(
        ("publicKeys", new ListRule(Text("absolute path, or public key in base64, of at most 4096 characters", text => text.Length <= 4_096))),
        ("topicPrefix", Topic()),
        ("maxBytes", Size("4 KiB", "16 MiB")),
        ("maxListBytes", Size("4 KiB", "64 MiB")),
        ("clockSkew", Duration("1 s", "1 h")),
        ("fleetJitter", Duration("1 s", "10 min")),
        ("replayPerSecond", Whole(1, 10_000)),
        ("pingsPerMinute", Whole(1, 6_000)));

    private static GroupRule Store() => new(
        ("directory", Path()),
        ("signingKeyFile", Credential()),
        ("formerSigningKeyFile", Credential()),
        ("quotaBytes", Size("16 MiB", "1 TiB")),
        ("retention", Duration("1 d", "3650 d")),
        ("snapshotInterval", Duration("1 s", "60 s")),
        ("maxRecordBytes", Size("32 KiB", "128 KiB")),
        ("pendingRows", Whole(1_000, 1_000_000)),
        ("acknowledgeInterval", Duration("100 ms", "60 s")),
        ("numberTopics", Whole(0, 100_000)));

    private static GroupRule Guards() => new(("policyFile", Path()));

    private static GroupRule Limits() => new(
        ("maxCalls", Whole(100, 10_000_000)),
        ("maxCallsPerCallId", Whole(2, 4_096)),
        ("maxDialogs", Whole(2, 64)),
        ("maxHosts", Whole(16, 1_000_000)),
        ("maxTransfers", Whole(16, 65_536)),
        ("maxForwards", Whole(16, 1_000_000)),
        ("maxFailovers", Whole(16, 1_000_000)),
        ("maxDialled", Whole(16, 1_000_000)),
        ("maxCallees", Whole(0, 2_000_000)),
        ("maxNumbers", Whole(10, 1_000_000)),
        ("sealLag", Duration("1 s", "60 s")),
        ("noResponse", Duration("1 s", "10 min")),
        ("challenge", Duration("1 s", "1 h")),
        ("endedMemory", Duration("1 s", "10 min")),
        ("ringingLimit", Duration("30 s", "1 h")),
        ("idleCall", Duration("1 min", "7 d")),
        ("blindGrace", Duration("1 s", "24 h")),
        ("maxHeadBytes", Size("1 KiB", "1 MiB")),
        ("maxBodyBytes", Size("1 KiB", "16 MiB")),
        ("maxHeaderLines", Whole(16, 10_000)),
        ("maxFragmentBytes", Size("1 MiB", "256 MiB")),
        ("fragmentHold", Duration("1 s", "2 min")),
        ("maxTcpFlows", Whole(16, 1_000_000)),
        ("maxInflaters", Whole(1, 65_536)),
        ("numberCacheEntries", Whole(16, 10_000_000)));

    private static KeyRule Credential() => Text(
        "absolute path, or name of a systemd credential",
        text => text[0] == '/' || (text.Length <= 255 && !text.Contains('/', StringComparison.Ordinal)));

    private static KeyRule Topic() => Text(
        "topic of at most 128 characters without +, #, $ and empty levels",
        text => text.Length <= 128 && !text.Any(c => c is '+' or '#' or '$' || char.IsControl(c)) && !text.Split('/').Contains(""));

    private static KeyRule Port() => Whole(1, 65_535);

    private static ListRule Headers() => new(OneOf<IdentityHeader>());

    private static ScalarRule Host() => new(text =>
        HostPattern.TryParse(text, out _, out string fault) ? ScalarReading.Good(text) : ScalarReading.Bad(fault, text));

    private static ScalarRule Network() => new(text =>
        !HostPattern.TryParse(text, out HostPattern pattern, out string fault) && pattern.Network is not null ? ScalarReading.Bad(fault, text)
        : pattern.Network is null ? ScalarReading.Bad("is no address or CIDR", text)
        : ScalarReading.Good(text));

    // sun_path holds 108 bytes with its closing zero (unix(7)).
    private static KeyRule SocketPath() => Text(
        "absolute path of at most 107 bytes", text => text[0] == '/' && System.Text.Encoding.UTF8.GetByteCount(text) <= 107);

    private static ScalarReading ReadBroker(string text)
    {
        bool isAddress = Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Host.Length > 0
            && url.Query.Length == 0 && url.Fragment.Length == 0 && (url.Scheme, url.AbsolutePath.Length) is ("mqtt" or "mqtts", <= 1) or ("ws" or "wss", _);
        if (!isAddress)
        {
            return ScalarReading.Bad(
                "is no broker address such as mqtt://host:1883, mqtts://host:8883, ws://host:80/mqtt or wss://host:443/mqtt", text);
        }

        return url!.UserInfo.Length > 0
            ? ScalarReading.Bad("holds credentials: they belong in username and passwordFile beside it")
            : ScalarReading.Good(text);
    }
}
