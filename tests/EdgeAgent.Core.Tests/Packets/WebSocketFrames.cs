using System.Buffers.Binary;
using System.Text;

namespace EdgeAgent.Core.Tests.Packets;

/// <summary>Builds WebSocket streams byte by byte, so that tests do not lean on the code they test.</summary>
internal static class WebSocketFrames
{
    public const byte Text = 1;
    public const byte Binary = 2;
    public const byte Final = 0x80;
    public const uint Key = 0xA1_00_5C_7F;

    public const string Request =
        "GET /ws HTTP/1.1\r\nHost: pbx.test\r\nupgrade:  WebSocket\r\nConnection: keep-alive, Upgrade\r\n"
        + "Sec-WebSocket-Key: c2lwIHNpcCBzaXAgc2lwIQ==\r\nSec-WebSocket-Protocol: msrp, SIP\r\nSec-WebSocket-Version: 13\r\n\r\n";

    public const string Response =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Accept: 6g7vUX1pYsoHKsmRG8ZR1Zl7YvI=\r\nSec-WebSocket-Protocol: sip\r\n\r\n";

    /// <summary>A SIP message without Content-Length: the WebSocket message ends it.</summary>
    public static string Message(int number, int bodyBytes = 0) =>
        $"MESSAGE sip:{number} SIP/2.0\r\nCall-ID: {number}\r\n\r\n{new string('b', bodyBytes)}";

    /// <summary>A SIP message of an exact length.</summary>
    public static string MessageOf(int bytes) => Message(1, bytes - Message(1).Length);

    public static byte[] Frame(string payload, byte first = Final | Text, uint? key = null) =>
        Frame(Encoding.ASCII.GetBytes(payload), first, key);

    public static byte[] Frame(byte[] payload, byte first, uint? key = null)
    {
        List<byte> frame = [first];
        int mask = key is null ? 0 : 0x80;
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(length, payload.Length);
        frame.Add((byte)(mask | (payload.Length < 126 ? payload.Length : payload.Length <= 0xFFFF ? 126 : 127)));
        frame.AddRange(payload.Length < 126 ? [] : payload.Length <= 0xFFFF ? length[6..] : length);
        byte[] keyBytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(keyBytes, key ?? 0);
        frame.AddRange(key is null ? [] : keyBytes);
        return [.. frame, .. payload.Select((value, i) => (byte)(value ^ keyBytes[i % 4]))];
    }

    /// <summary>One message in frames of the given size, a ping with a payload behind each but the last.</summary>
    public static byte[] Fragmented(string message, int bytesPerFrame, byte opcode = Text, uint? key = null)
    {
        List<byte> frames = [];
        for (int at = 0; at < message.Length; at += bytesPerFrame)
        {
            bool isLast = at + bytesPerFrame >= message.Length;
            string part = message[at..Math.Min(at + bytesPerFrame, message.Length)];
            frames.AddRange(Frame(part, (byte)((isLast ? Final : 0) | (at == 0 ? opcode : 0)), key));
            frames.AddRange(isLast ? [] : Frame("ping", Final | 9, key));
        }

        return [.. frames];
    }

    /// <summary>Texts, as they are, and frames behind one another.</summary>
    public static byte[] Stream(params IEnumerable<object> parts) =>
        [.. parts.SelectMany(part => part as byte[] ?? Encoding.ASCII.GetBytes((string)part))];
}
