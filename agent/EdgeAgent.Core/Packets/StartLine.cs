using System.Buffers;
using System.Text;

namespace EdgeAgent.Core.Packets;

/// <summary>How the front of some bytes compares with a SIP start line.</summary>
internal enum StartLineMatch
{
    /// <summary>No start line begins here.</summary>
    No = 0,

    /// <summary>One may begin here: its line is not whole yet.</summary>
    Perhaps,

    /// <summary>One begins here.</summary>
    Yes,
}

/// <summary>Recognises request and status lines (RFC 3261 §7.1, §7.2) well enough to find the way back into a stream.</summary>
internal static class StartLine
{
    private const int MaxMethodBytes = 32;

    private static readonly SearchValues<byte> TokenBytes = SearchValues.Create(
        "!%'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_`abcdefghijklmnopqrstuvwxyz~"u8);

    private static ReadOnlySpan<byte> StatusPrefix => "SIP/2.0 "u8;

    private static ReadOnlySpan<byte> RequestSuffix => " SIP/2.0"u8;

    /// <param name="bytes">Bytes from the beginning of a line on.</param>
    /// <param name="lineBytes">Length of the line, its end included, or -1 when the end is not there yet.</param>
    public static StartLineMatch Match(ReadOnlySpan<byte> bytes, out int lineBytes)
    {
        int lineFeed = bytes.IndexOf((byte)'\n');
        lineBytes = lineFeed < 0 ? -1 : lineFeed + 1;
        ReadOnlySpan<byte> line = lineFeed < 0 ? bytes : bytes[..lineFeed].TrimEnd((byte)'\r');
        int prefix = Math.Min(StatusPrefix.Length, line.Length);
        if (Ascii.EqualsIgnoreCase(line[..prefix], StatusPrefix[..prefix]))
        {
            return prefix < StatusPrefix.Length ? (lineFeed < 0 ? StartLineMatch.Perhaps : StartLineMatch.No)
                : lineFeed < 0 ? StartLineMatch.Perhaps
                : StartLineMatch.Yes;
        }

        return MatchRequest(line, isWhole: lineFeed >= 0);
    }

    /// <summary>Goes from line to line until a start line with a header behind it.</summary>
    /// <param name="bytes">Bytes in the middle of a stream.</param>
    /// <param name="maxPendingBytes">Longest wait for the end of what may be a start line.</param>
    /// <param name="isMidLine">The bytes begin inside a line; on return, the bytes passed over end inside one.</param>
    /// <param name="skippedBytes">Bytes passed over.</param>
    /// <param name="startLineBytes">Length of the start line when one was found.</param>
    public static StartLineMatch Seek(
        ReadOnlySpan<byte> bytes, int maxPendingBytes, ref bool isMidLine, out int skippedBytes, out int startLineBytes)
    {
        skippedBytes = 0;
        startLineBytes = 0;
        while (skippedBytes < bytes.Length)
        {
            ReadOnlySpan<byte> rest = bytes[skippedBytes..];
            if (!isMidLine)
            {
                StartLineMatch match = Match(rest, out startLineBytes);
                match = match == StartLineMatch.Yes ? MatchHeader(rest[startLineBytes..]) : match;
                if (match == StartLineMatch.Yes || (match == StartLineMatch.Perhaps && rest.Length <= maxPendingBytes))
                {
                    return match;
                }
            }

            int lineFeed = rest.IndexOf((byte)'\n');
            isMidLine = lineFeed < 0;
            skippedBytes += isMidLine ? rest.Length : lineFeed + 1;
        }

        return StartLineMatch.No;
    }

    /// <summary>A header line, or the beginning of one: tells a start line from text that a body quotes (RFC 3420).</summary>
    public static StartLineMatch MatchHeader(ReadOnlySpan<byte> bytes)
    {
        int nameEnd = bytes.IndexOfAnyExcept(TokenBytes);
        if (nameEnd < 0)
        {
            return StartLineMatch.Perhaps;
        }

        ReadOnlySpan<byte> rest = bytes[nameEnd..].TrimStart(" \t"u8);
        return rest.IsEmpty ? StartLineMatch.Perhaps
            : nameEnd > 0 && rest[0] == (byte)':' ? StartLineMatch.Yes
            : StartLineMatch.No;
    }

    /// <summary>Cheap test for a segment of a stream that was given up: does it begin like a SIP message?</summary>
    public static bool IsLikely(ReadOnlySpan<byte> segment)
    {
        if (segment.StartsWith(StatusPrefix))
        {
            return true;
        }

        int methodBytes = segment.IndexOfAnyExcept(TokenBytes);
        if (methodBytes is <= 0 or > MaxMethodBytes || segment[methodBytes] != (byte)' ')
        {
            return false;
        }

        ReadOnlySpan<byte> uri = segment[(methodBytes + 1)..];
        return uri.StartsWith("sip:"u8) || uri.StartsWith("sips:"u8) || uri.StartsWith("tel:"u8);
    }

    private static StartLineMatch MatchRequest(ReadOnlySpan<byte> line, bool isWhole)
    {
        int methodBytes = line.IndexOfAnyExcept(TokenBytes);
        if (methodBytes < 0)
        {
            return !isWhole && line.Length <= MaxMethodBytes ? StartLineMatch.Perhaps : StartLineMatch.No;
        }

        if (methodBytes is 0 or > MaxMethodBytes || line[methodBytes] != (byte)' ')
        {
            return StartLineMatch.No;
        }

        if (!isWhole)
        {
            return StartLineMatch.Perhaps;
        }

        ReadOnlySpan<byte> trimmed = line.TrimEnd((byte)' ');
        return trimmed.Length > methodBytes + RequestSuffix.Length
            && Ascii.EqualsIgnoreCase(trimmed[^RequestSuffix.Length..], RequestSuffix)
            ? StartLineMatch.Yes
            : StartLineMatch.No;
    }
}
