using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace EdgeAgent.Benchmarks.Month;

/// <summary>Writes a month as a capture, call by call, and the policy that goes with it.</summary>
internal static class MonthFiles
{
    private const int HeaderBytes = 14 + 20 + 8; // Ethernet, IPv4, UDP

    /// <summary>Addresses of the trunks, in the order of <see cref="MonthNumber.Clients"/>, as <c>--trunk</c> or a configuration takes them.</summary>
    public static string TrunkAddress(int trunk) => string.Create(CultureInfo.InvariantCulture, $"198.51.100.{trunk + 1}");

    /// <summary>A configuration with the trunks, and the policy beside it.</summary>
    public static string Configuration(string policyFile)
    {
        StringBuilder yaml = new();
        yaml.Append(CultureInfo.InvariantCulture, $"agentId: month\nguards:\n  policyFile: {policyFile}\ntrunks:\n");
        for (int i = 0; i < MonthNumber.Clients.Length; i++)
        {
            yaml.Append(CultureInfo.InvariantCulture, $"  - name: carrier-{MonthNumber.Clients[i]}\n    hosts: [{TrunkAddress(i)}]\n");
        }

        return yaml.ToString();
    }

    /// <summary>Clients, numbers and trunks of the month; every rule as by default.</summary>
    public static string Policy(MonthTraffic month)
    {
        StringBuilder yaml = new();
        void List(string name, IEnumerable<string> entries) => yaml.Append(CultureInfo.InvariantCulture, $"{name}:\n").AppendJoin("", entries.Select(entry => $"  - {entry}\n"));
        List("clients", MonthNumber.Clients.Select(client => $"id: {client}"));
        List("campaigns", MonthNumber.Clients.Select(client => $"{{ id: {client}-calls, client: {client} }}"));
        List("trunks", MonthNumber.Clients.Select(client => $"{{ trunk: carrier-{client}, client: {client} }}"));
        List("numbers", month.Numbers.Select(number => $"{{ number: {number.Name}, client: {MonthNumber.Clients[number.Client]}, from: 2025-01-01 }}"));
        return yaml.ToString();
    }

    /// <summary>Writes a pcap, packets in order of time; gives the number of calls.</summary>
    public static int WriteCapture(MonthTraffic month, Stream output)
    {
        output.Write([0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 1, 0, 0, 0]);
        PriorityQueue<(int Call, MonthCall Of, MonthMessage Message), (DateTime, int)> waiting = new();
        byte[] packet = new byte[2_048];
        int calls = 0;
        int order = 0;
        void WriteUntil(DateTime time)
        {
            while (waiting.TryPeek(out _, out (DateTime At, int) next) && next.At <= time)
            {
                (int call, MonthCall of, MonthMessage message) = waiting.Dequeue();
                int length = MonthSip.Write(packet.AsSpan(16 + HeaderBytes), call, of, message);
                WriteHeaders(packet, next.At, of.Trunk, MonthSip.IsFromPbx(message), length);
                output.Write(packet.AsSpan(0, 16 + HeaderBytes + length));
            }
        }

        foreach (MonthCall call in month.Calls())
        {
            WriteUntil(call.Start);
            foreach ((MonthMessage message, double seconds) in MonthSip.MessagesOf(call))
            {
                waiting.Enqueue((calls, call, message), (call.Start.AddSeconds(seconds), order++));
            }

            calls++;
        }

        WriteUntil(DateTime.MaxValue);
        return calls;
    }

    private static void WriteHeaders(Span<byte> packet, DateTime at, int trunk, bool isFromPbx, int payload)
    {
        long microseconds = (at - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        int frame = HeaderBytes + payload;
        BinaryPrimitives.WriteUInt32LittleEndian(packet, (uint)(microseconds / 1_000_000));
        BinaryPrimitives.WriteUInt32LittleEndian(packet[4..], (uint)(microseconds % 1_000_000));
        BinaryPrimitives.WriteInt32LittleEndian(packet[8..], frame);
        BinaryPrimitives.WriteInt32LittleEndian(packet[12..], frame);
        Span<byte> ip = packet[(16 + 14)..];
        packet[16..(16 + HeaderBytes)].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(packet[(16 + 12)..], 0x0800);
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)(frame - 14));
        (ip[8], ip[9]) = (64, 17);
        ReadOnlySpan<byte> pbx = [192, 0, 2, 16];
        ReadOnlySpan<byte> carrier = [198, 51, 100, (byte)(trunk + 1)];
        (isFromPbx ? pbx : carrier).CopyTo(ip[12..]);
        (isFromPbx ? carrier : pbx).CopyTo(ip[16..]);
        BinaryPrimitives.WriteUInt16BigEndian(ip[20..], 5060);
        BinaryPrimitives.WriteUInt16BigEndian(ip[22..], 5060);
        BinaryPrimitives.WriteUInt16BigEndian(ip[24..], (ushort)(8 + payload));
    }
}

/// <summary>A message of a call.</summary>
internal enum MonthMessage
{
    Invite = 0,
    Ringing,
    Final,
    Acknowledge,
    Bye,
    ByeAnswer,
}

/// <summary>The messages of a call, as short as counting needs them.</summary>
internal static class MonthSip
{
    public static bool IsFromPbx(MonthMessage message) => message is MonthMessage.Invite or MonthMessage.Acknowledge or MonthMessage.Bye;

    /// <summary>The messages and how many seconds after the INVITE they come.</summary>
    public static IEnumerable<(MonthMessage Message, double Seconds)> MessagesOf(MonthCall call)
    {
        double final = call.Outcome switch { MonthOutcome.Answered => 6.2, MonthOutcome.NoAnswer => 21, _ => 2.5 };
        yield return (MonthMessage.Invite, 0);
        if (call.Outcome is MonthOutcome.Answered or MonthOutcome.NoAnswer)
        {
            yield return (MonthMessage.Ringing, 0.8);
        }

        yield return (MonthMessage.Final, final);
        yield return (MonthMessage.Acknowledge, final + 0.01);
        if (call.Outcome == MonthOutcome.Answered)
        {
            yield return (MonthMessage.Bye, final + call.TalkSeconds);
            yield return (MonthMessage.ByeAnswer, final + call.TalkSeconds + 0.02);
        }
    }

    /// <summary>Writes a message; gives its length.</summary>
    public static int Write(Span<byte> output, int id, in MonthCall call, MonthMessage message)
    {
        (string method, int sequence) = message switch
        {
            MonthMessage.Acknowledge => ("ACK", 1),
            MonthMessage.Bye or MonthMessage.ByeAnswer => ("BYE", 2),
            _ => ("INVITE", 1),
        };
        string status = message switch
        {
            MonthMessage.Ringing => "180 Ringing",
            MonthMessage.ByeAnswer => "200 OK",
            MonthMessage.Final => call.Outcome switch
            {
                MonthOutcome.Answered => "200 OK",
                MonthOutcome.NoAnswer => "480 Temporarily Unavailable",
                MonthOutcome.Busy => "486 Busy Here",
                _ => "607 Unwanted",
            },
            _ => "",
        };
        CultureInfo culture = CultureInfo.InvariantCulture;
        int length = 0;
        int written;
        if (status.Length > 0)
        {
            Utf8.TryWrite(output, culture, $"SIP/2.0 {status}\r\n", out written);
        }
        else
        {
            Utf8.TryWrite(output, culture, $"{method} sip:+{call.Callee}@198.51.100.{call.Trunk + 1} SIP/2.0\r\nMax-Forwards: 70\r\n", out written);
        }

        length += written;
        string tag = message == MonthMessage.Invite ? "" : ";tag=c";
        Utf8.TryWrite(
            output[length..],
            culture,
            $"Via: SIP/2.0/UDP 192.0.2.16;branch=z9hG4bK{id:x}{(method == "BYE" ? "b" : "i")}\r\nFrom: <sip:+{call.Caller}@192.0.2.16>;tag=a{id:x}\r\nTo: <sip:+{call.Callee}@198.51.100.{call.Trunk + 1}>{tag}\r\nCall-ID: {id:x8}@192.0.2.16\r\nCSeq: {sequence} {method}\r\nContent-Length: 0\r\n\r\n",
            out written);
        return length + written;
    }
}
