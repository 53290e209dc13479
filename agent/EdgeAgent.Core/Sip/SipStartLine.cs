using System.Text;

namespace EdgeAgent.Core.Sip;

/// <summary>Request line or status line (RFC 3261 §7.1, §7.2), a view on its bytes.</summary>
internal readonly ref struct SipStartLine
{
    /// <summary>Longest method name taken for one while its line is still incomplete; the registered ones end at 9.</summary>
    private const int MaxMethodBytes = 64;

    /// <summary>Method; <see cref="SipMethod.Other"/> in a response.</summary>
    public SipMethod Method { get; private init; }

    /// <summary>Method as written; empty in a response.</summary>
    public ReadOnlySpan<byte> MethodToken { get; private init; }

    /// <summary>Request-URI as written; empty in a response.</summary>
    public ReadOnlySpan<byte> RequestUri { get; private init; }

    /// <summary>100 to 699, or 0 in a request.</summary>
    public int StatusCode { get; private init; }

    /// <summary>Reason phrase, may be empty.</summary>
    public ReadOnlySpan<byte> ReasonPhrase { get; private init; }

    private static ReadOnlySpan<byte> Version => "SIP/2.0"u8;

    /// <summary>
    /// Reads a start line. Surplus white space around the Request-URI and at the end is forgiven: PBXs answer such requests,
    /// so their calls happen.
    /// </summary>
    /// <param name="line">The line; its CR may still be there, its LF not.</param>
    /// <param name="startLine">The parts.</param>
    public static bool TryRead(ReadOnlySpan<byte> line, out SipStartLine startLine)
    {
        while (line.Length > 0 && SipText.IsWhiteSpace(line[^1]))
        {
            line = line[..^1];
        }

        return line.Length > Version.Length && IsVersion(line[..Version.Length])
            ? TryReadStatus(line[Version.Length..], out startLine)
            : TryReadRequest(line, out startLine);
    }

    /// <summary>
    /// Whether bytes without a line end can still become a start line. False as early as the first octet for TLS, and at the
    /// first blank for anything else that is not text.
    /// </summary>
    public static bool CanBegin(ReadOnlySpan<byte> bytes)
    {
        int compared = Math.Min(bytes.Length, Version.Length);
        if (IsEqual(bytes[..compared], Version[..compared]))
        {
            return CanBeginStatus(bytes[compared..]);
        }

        int blank = bytes.IndexOf((byte)' ');
        ReadOnlySpan<byte> method = blank < 0 ? bytes : bytes[..blank];
        if (method.Length > MaxMethodBytes || !SipText.IsToken(method))
        {
            return false;
        }

        return blank < 0 || !bytes[blank..].ContainsAnyInRange((byte)0, (byte)8);
    }

    /// <summary>The part after the version: a blank, then up to three digits from 1xx to 6xx.</summary>
    private static bool CanBeginStatus(ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty)
        {
            return true;
        }

        ReadOnlySpan<byte> code = rest.TrimStart((byte)' ');
        code = code[..Math.Min(3, code.Length)];
        return code.Length < rest.Length
            && !code.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && (code.IsEmpty || code[0] is >= (byte)'1' and <= (byte)'6');
    }

    private static bool TryReadStatus(ReadOnlySpan<byte> rest, out SipStartLine startLine)
    {
        startLine = default;
        ReadOnlySpan<byte> code = rest.TrimStart((byte)' ');
        if (code.Length == rest.Length || code.Length < 3 || (code.Length > 3 && code[3] != (byte)' '))
        {
            return false;
        }

        if (!SipText.TryReadNumber(code[..3], 699, out long status) || status is < 100 or > 699)
        {
            return false;
        }

        startLine = new SipStartLine { StatusCode = (int)status, ReasonPhrase = code[3..].TrimStart((byte)' ') };
        return true;
    }

    private static bool TryReadRequest(ReadOnlySpan<byte> line, out SipStartLine startLine)
    {
        startLine = default;
        int methodEnd = line.IndexOf((byte)' ');
        int versionStart = line.Length - Version.Length;
        if (methodEnd <= 0 || versionStart <= methodEnd + 1 || line[versionStart - 1] is not ((byte)' ' or (byte)'\t'))
        {
            return false;
        }

        ReadOnlySpan<byte> uri = SipText.Trim(line[methodEnd..(versionStart - 1)]);
        ReadOnlySpan<byte> method = line[..methodEnd];
        if (uri.IsEmpty || !IsVersion(line[versionStart..]) || !SipMethodName.TryRead(method, out SipMethod known))
        {
            return false;
        }

        startLine = new SipStartLine { Method = known, MethodToken = method, RequestUri = uri };
        return true;
    }

    /// <summary>The version is compared without regard to case (RFC 3261 §7.1).</summary>
    private static bool IsVersion(ReadOnlySpan<byte> text) => text.SequenceEqual(Version) || IsEqual(text, Version);

    private static bool IsEqual(ReadOnlySpan<byte> text, ReadOnlySpan<byte> other) => Ascii.EqualsIgnoreCase(text, other);
}
