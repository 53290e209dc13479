namespace EdgeAgent.Core.Sip;

/// <summary>What <see cref="SipHeaderScanner.ReadNext"/> found.</summary>
internal enum HeaderStep
{
    /// <summary>A header; name and value are set.</summary>
    Header = 0,

    /// <summary>A line without a name: no colon, or a colon first. The walk can go on behind it.</summary>
    Malformed,

    /// <summary>The empty line that ends the head.</summary>
    End,

    /// <summary>The bytes end before the head does; a line without its LF is cut and never given out.</summary>
    Cut,
}

/// <summary>
/// Walks header lines without copying. CRLF and bare LF both end a line; a line that begins with SP or HTAB continues the
/// one before (RFC 3261 §7.3.1).
/// </summary>
/// <param name="bytes">Bytes that begin with the first header line; what follows the head is never looked at.</param>
internal ref struct SipHeaderScanner(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Index of the first byte not walked over; after <see cref="HeaderStep.End"/> the first byte of the body.</summary>
    public int Position { get; private set; }

    /// <summary>Reads one header, its folded lines included.</summary>
    /// <param name="name">Name without the white space before the colon.</param>
    /// <param name="value">Value without white space at its ends; folding inside is kept.</param>
    public HeaderStep ReadNext(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        name = default;
        value = default;
        ReadOnlySpan<byte> rest = _bytes[Position..];
        int end = rest.IndexOf((byte)'\n');
        if (end <= 1)
        {
            if (end == 0 || (end == 1 && rest[0] == (byte)'\r'))
            {
                Position += end + 1;
                return HeaderStep.End;
            }

            if (end < 0)
            {
                return HeaderStep.Cut;
            }
        }

        if (end + 1 == rest.Length)
        {
            return ReadLast(rest, out name, out value);
        }

        if (rest[end + 1] is (byte)' ' or (byte)'\t')
        {
            end = EndOfFolded(rest, end);
            if (end < 0)
            {
                return HeaderStep.Cut;
            }
        }

        Position += end + 1;
        return Split(rest[..end], out name, out value);
    }

    /// <summary>The last line there is: whole, so given out, though what follows it is missing.</summary>
    private HeaderStep ReadLast(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        Position += line.Length;
        return Split(line[..^1], out name, out value);
    }

    /// <summary>Index of the LF that ends a folded header, or -1 when the bytes end before it.</summary>
    private static int EndOfFolded(ReadOnlySpan<byte> rest, int end)
    {
        while (end + 1 < rest.Length && rest[end + 1] is (byte)' ' or (byte)'\t')
        {
            int next = rest[(end + 1)..].IndexOf((byte)'\n');
            if (next < 0)
            {
                return -1;
            }

            end += next + 1;
        }

        return end;
    }

    private static HeaderStep Split(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        name = default;
        value = default;
        int colon = line.IndexOf((byte)':');
        if (colon <= 0 || SipText.IsWhiteSpace(line[0]))
        {
            return HeaderStep.Malformed;
        }

        int nameEnd = colon;
        while (line[nameEnd - 1] is (byte)' ' or (byte)'\t')
        {
            nameEnd--;
        }

        name = line[..nameEnd];
        value = SipText.Trim(line[(colon + 1)..]);
        return HeaderStep.Header;
    }
}
