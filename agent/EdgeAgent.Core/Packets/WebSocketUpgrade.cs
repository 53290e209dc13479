using System.Text;

namespace EdgeAgent.Core.Packets;

/// <summary>Recognises the HTTP head after which a direction speaks SIP in WebSocket frames (RFC 6455 §4, RFC 7118 §4).</summary>
internal static class WebSocketUpgrade
{
    private static ReadOnlySpan<byte> Request => "GET "u8;

    private static ReadOnlySpan<byte> Response => "HTTP/1.1 101"u8;

    /// <param name="bytes">Bytes from the beginning of a stream.</param>
    /// <param name="headBytes">Length of the head, its empty line included, when it is one.</param>
    /// <param name="isDeflated">Messages behind it may be compressed (RFC 7692 §7): offered by a request, agreed to by a response.</param>
    public static StartLineMatch Match(ReadOnlySpan<byte> bytes, out int headBytes, out bool isDeflated)
    {
        headBytes = 0;
        isDeflated = false;
        if (!MayBegin(bytes, Request) && !MayBegin(bytes, Response))
        {
            return StartLineMatch.No;
        }

        int end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return StartLineMatch.Perhaps;
        }

        headBytes = end + 4;
        return Offers(bytes[..(end + 2)], out isDeflated) ? StartLineMatch.Yes : StartLineMatch.No;
    }

    private static bool MayBegin(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> prefix)
    {
        int common = Math.Min(bytes.Length, prefix.Length);
        return bytes[..common].SequenceEqual(prefix[..common]);
    }

    private static bool Offers(ReadOnlySpan<byte> head, out bool isDeflated)
    {
        isDeflated = false;
        bool isWebSocket = false;
        bool isSip = false;
        foreach (Range range in head.Split("\r\n"u8))
        {
            ReadOnlySpan<byte> line = head[range];
            int colon = line.IndexOf((byte)':');
            if (colon > 0)
            {
                ReadOnlySpan<byte> name = line[..colon].Trim(" \t"u8);
                ReadOnlySpan<byte> value = line[(colon + 1)..];
                isWebSocket |= Ascii.EqualsIgnoreCase(name, "Upgrade"u8) && Lists(value, "websocket"u8);
                isDeflated |= Ascii.EqualsIgnoreCase(name, "Sec-WebSocket-Extensions"u8) && Lists(value, "permessage-deflate"u8);
                isSip |= Ascii.EqualsIgnoreCase(name, "Sec-WebSocket-Protocol"u8) && Lists(value, "sip"u8);
            }
        }

        return isWebSocket && isSip;
    }

    /// <summary>Whether a comma list holds a word, parameters and case set aside.</summary>
    private static bool Lists(ReadOnlySpan<byte> value, ReadOnlySpan<byte> word)
    {
        foreach (Range range in value.Split((byte)','))
        {
            ReadOnlySpan<byte> entry = value[range];
            int parameters = entry.IndexOf((byte)';');
            entry = parameters < 0 ? entry : entry[..parameters];
            if (Ascii.EqualsIgnoreCase(entry.Trim(" \t"u8), word))
            {
                return true;
            }
        }

        return false;
    }
}
