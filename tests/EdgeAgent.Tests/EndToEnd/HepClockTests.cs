using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using EdgeAgent.Tests.Cli;
using NodaTime;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.EndToEnd;

/// <summary>A PBX whose clock is three hours off hands over to the daemon: it moves no minute and no guard, and its offset is told.</summary>
public sealed class HepClockTests
{
    private const string Right = "127.0.0.2";
    private const string Wrong = "127.0.0.3";
    private const string RightNumber = "+33199000001";
    private const string WrongNumber = "+33199000002";
    private const int CallsEach = 5;

    /// <summary>What the host's clock and the way to the agent may differ by on a busy machine.</summary>
    private const double ToleranceSeconds = 2;

    private static readonly TimeSpan Off = TimeSpan.FromHours(3);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_SenderWithAClockThreeHoursOff_MovesNoMinuteAndNoGuard()
    {
        using TemporaryDirectory directory = new();
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        int hour = Instant.FromDateTimeOffset(now).InZone(DateTimeZoneProviders.Tzdb["Europe/Paris"]).Hour;

        // It would be legal to call where the wrong clock stands, whichever way on the same day it can be wrong, and is not now.
        TimeSpan offset = hour >= 12 ? -Off : Off;
        int legal = hour + (int)offset.TotalHours;
        int port = FreePort();
        string socket = directory.File("agent.sock");
        using AgentProcess agent = AgentProcess.Start(["run", "--config", Configuration(directory, port, legal)]);
        await UntilAsync(agent, socket, status => status.Member("sources").GetArrayLength() == 2);

        for (int i = 0; i < CallsEach; i++)
        {
            await CallAsync(port, Right, RightNumber, i, default);
            await CallAsync(port, Wrong, WrongNumber, i, offset);
        }

        DateTimeOffset handedOver = TimeProvider.System.GetUtcNow();
        await UntilAsync(agent, socket, status => status.Member("today").Count("attempts") == 2 * CallsEach);
        JsonElement[] minutes = await MinutesAsync(agent, socket);

        minutes.ShouldAllBe(minute => minute.Instant("start") > now.AddMinutes(-1) && minute.Instant("start") <= handedOver);
        Dictionary<string, NumberSums> sums = SumsOf(minutes);
        sums[WrongNumber].Attempts.ShouldBe(CallsEach);
        sums[WrongNumber].Answered.ShouldBe(CallsEach);
        sums[WrongNumber].TalkSeconds.ShouldBe(CallsEach, 0.01); // durations are the sender's own
        foreach (string number in (string[])[RightNumber, WrongNumber])
        {
            RowsOf(minutes, number).Sum(row => row.Member("guards").Count("hours")).ShouldBe(CallsEach, number);
        }

        Dictionary<string, double[]> offsets = minutes.SelectMany(minute => minute.Member("quality").Member("hepSenders").EnumerateArray())
            .GroupBy(sender => sender.Text("name")!.Split('#')[0])
            .ToDictionary(sender => sender.Key, sender => sender.Select(each => each.Number("offsetSeconds")!.Value).ToArray());
        offsets[Right].ShouldAllBe(seconds => Math.Abs(seconds) < ToleranceSeconds);
        offsets[Wrong].ShouldAllBe(seconds => Math.Abs(seconds + offset.TotalSeconds) < ToleranceSeconds);
        minutes.ShouldAllBe(minute => minute.Member("quality").Text("confidence") == "full" || minute.Member("quality").Text("cause") == "agentStopped");
    }

    /// <summary>Minutes with rows, once the last attempt's is sealed.</summary>
    private static async Task<JsonElement[]> MinutesAsync(AgentProcess agent, string socket)
    {
        for (int i = 0; i < 240; i++)
        {
            ProcessRun run = await AgentBinary.RunAsync(Token, "export", "--socket", socket);
            JsonElement[] minutes = [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement)
                .Where(record => record.Text("kind") == "minute" && record.Member("numbers").GetArrayLength() > 0)];
            if (RowsOf(minutes, WrongNumber).Sum(row => Optional(row, "answeredEnded")) == CallsEach
                && RowsOf(minutes, RightNumber).Sum(row => Optional(row, "answeredEnded")) == CallsEach)
            {
                return minutes;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(500), Token);
        }

        throw new TimeoutException($"the minutes never came: {agent.Error}{agent.Output}");
    }

    private static IEnumerable<JsonElement> RowsOf(IEnumerable<JsonElement> minutes, string number) =>
        minutes.SelectMany(minute => minute.Member("numbers").EnumerateArray()).Where(row => row.Text("number") == number);

    private static long Optional(JsonElement row, string name) => row.TryGetProperty(name, out JsonElement value) ? value.GetInt64() : 0;

    private static Dictionary<string, NumberSums> SumsOf(IEnumerable<JsonElement> minutes)
    {
        Dictionary<string, NumberSums> sums = new(StringComparer.Ordinal);
        foreach (JsonElement row in minutes.SelectMany(minute => minute.Member("numbers").EnumerateArray()))
        {
            string number = row.Text("number").ShouldNotBeNull();
            sums.TryAdd(number, new NumberSums());
            sums[number].Add(row);
        }

        return sums;
    }

    private static async Task UntilAsync(AgentProcess agent, string socket, Func<JsonElement, bool> isAwaited)
    {
        string last = "";
        for (int i = 0; i < 150; i++)
        {
            ProcessRun run = await AgentBinary.RunAsync(Token, "status", "--json", "--socket", socket);
            last = run.Output;
            if (run.ExitCode is 0 or 1 && isAwaited(JsonDocument.Parse(run.Output).RootElement))
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), Token);
        }

        throw new TimeoutException($"status was never as awaited; last: {last}; agent: {agent.Error}{agent.Output}");
    }

    /// <summary>One call of a second, handed over at once by a sender whose clock is off by <paramref name="offset"/>.</summary>
    private static async Task CallAsync(int port, string sender, string number, int index, TimeSpan offset)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(sender), 0));
        await socket.ConnectAsync(IPAddress.Loopback, port, Token);
        DateTimeOffset ended = TimeProvider.System.GetUtcNow() + offset;
        string id = $"{sender}-{index}";
        string person = $"+3363998{index:D4}";
        (string Start, string Method, uint CSeq, bool IsFromPbx, double Ago)[] ladder =
        [
            ($"INVITE sip:{person}@carrier.test SIP/2.0", "INVITE", 1, true, 1), ("SIP/2.0 200 OK", "INVITE", 1, false, 1),
            ($"BYE sip:{person}@carrier.test SIP/2.0", "BYE", 2, true, 0), ("SIP/2.0 200 OK", "BYE", 2, false, 0),
        ];
        foreach ((string start, string method, uint cseq, bool isFromPbx, double ago) in ladder)
        {
            string tag = method == "INVITE" && isFromPbx ? "" : ";tag=b";
            string sip = $"{start}\r\nVia: SIP/2.0/UDP 10.20.0.1;branch=z9hG4bK{id}{cseq}\r\nFrom: <sip:{number}@pbx.test>;tag={id}\r\n"
                + $"To: <sip:{person}@carrier.test>{tag}\r\nCall-ID: {id}\r\nCSeq: {cseq} {method}\r\nContent-Length: 0\r\n\r\n";
            await socket.SendAsync(HepPackets.Of(sip, "10.20.0.1", "10.20.0.2", isFromPbx, ended.AddSeconds(-ago)), Token);
        }
    }

    private static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static string Configuration(TemporaryDirectory directory, int port, int legalHour)
    {
        File.WriteAllText(directory.File("policy.yaml"), string.Create(CultureInfo.InvariantCulture, $"""
            law:
              hours:
                - from: 2020-01-01
                  reference: test
                  days: [monday, tuesday, wednesday, thursday, friday, saturday, sunday]
                  windows: ["{legalHour - 1:D2}:00-{legalHour + 2:D2}:00"]
            """));
        string path = directory.File("agent.yaml");
        File.WriteAllText(path, string.Create(CultureInfo.InvariantCulture, $"""
            agentId: gateway-hep
            trunks:
              - name: carrier
                hosts: [10.20.0.2]
            sources:
              hep:
                listen: [127.0.0.1:{port}]
                allow: [127.0.0.0/8]
            store:
              directory: {directory.File("store")}
            controlSocket: {directory.File("agent.sock")}
            """));
        return path;
    }
}
