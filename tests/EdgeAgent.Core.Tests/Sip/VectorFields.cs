using System.Globalization;
using EdgeAgent.Core.Sip;

namespace EdgeAgent.Core.Tests.Sip;

/// <summary>What each reader makes of one value, by the field names of the corpus's vectors; null when it refuses it.</summary>
internal static class VectorFields
{
    private static readonly string[] Template =
    [
        "SIP/2.0 200 OK", "Via: SIP/2.0/UDP h;branch=z9hG4bK0", "From: <sip:a@h>;tag=a", "To: <sip:b@h>;tag=b", "Call-ID: c",
        "CSeq: 1 INVITE", "Content-Length: 0",
    ];

    public static Dictionary<string, string>? Address(ReadOnlySpan<byte> text, IEnumerable<string> parameters)
    {
        if (!NameAddr.TryParse(text, out NameAddr address))
        {
            return null;
        }

        Dictionary<string, string> fields = OfUri(address.Uri);
        fields["display"] = ExpectedMessage.Shown(SipSamples.Text(address.DisplayName));
        fields["uri"] = SipSamples.Text(address.Uri);
        fields["tag"] = Parameter(address.Parameters, "tag");
        foreach (string name in parameters)
        {
            fields[name] = Parameter(address.Parameters, name[(name.LastIndexOf("params.", StringComparison.Ordinal) + 7)..]);
        }

        return fields;
    }

    public static Dictionary<string, string>? Uri(ReadOnlySpan<byte> text, IEnumerable<string> parameters)
    {
        if (!SipUri.TryParse(text, out SipUri uri))
        {
            return null;
        }

        Dictionary<string, string> fields = OfUri(text);
        foreach (string name in parameters)
        {
            fields[name] = Parameter(uri.Parameters, name[7..]);
        }

        return fields;
    }

    public static Dictionary<string, string>? StartLine(ReadOnlySpan<byte> text) =>
        SipStartLine.TryRead(text, out SipStartLine line)
            ? new Dictionary<string, string>
            {
                ["type"] = line.StatusCode == 0 ? "request" : "response",
                ["status"] = Number(line.StatusCode),
                ["method"] = SipSamples.Text(line.MethodToken),
                ["request_uri"] = SipSamples.Text(line.RequestUri),
                ["reason_phrase"] = SipSamples.Text(line.ReasonPhrase),
            }
            : null;

    /// <summary>Header lines of a list: its addresses, whatever number of lines they stand in.</summary>
    public static Dictionary<string, string> List(byte[] lines, IReadOnlyCollection<string> parameters)
    {
        Dictionary<string, string> fields = [];
        int count = 0;
        SipHeaderScanner scanner = new([.. lines, (byte)'\r', (byte)'\n']);
        while (scanner.ReadNext(out _, out ReadOnlySpan<byte> value) == HeaderStep.Header)
        {
            ReadOnlySpan<byte> rest = value;
            while (CommaList.TryReadNext(ref rest, out ReadOnlySpan<byte> entry))
            {
                string prefix = $"values.{count}.";
                foreach ((string name, string text) in Address(entry, parameters.Where(name => name.StartsWith(prefix + "params.", StringComparison.Ordinal))) ?? [])
                {
                    fields[name.StartsWith(prefix, StringComparison.Ordinal) ? name : prefix + name] = text;
                }

                count++;
            }
        }

        fields["values.count"] = Number(count);
        return fields;
    }

    /// <summary>One header value, read by itself or, where there is no reader for it alone, in a response.</summary>
    public static Dictionary<string, string>? Header(string name, string value)
    {
        ReadOnlySpan<byte> bytes = SipText.Trim(SipSamples.Bytes(value));
        switch (name)
        {
            case "Privacy":
                _ = PrivacyHeader.TryParse(bytes, out PrivacyHeader privacy);
                return new Dictionary<string, string> { ["values"] = privacy.Values.ToString() };
            case "Reason":
                return ReasonHeader.TryParse(bytes, out ReasonHeader reason)
                    ? new Dictionary<string, string>
                    {
                        ["protocol"] = SipSamples.Text(reason.Protocol),
                        ["cause"] = Number(reason.Cause),
                        ["text"] = SipSamples.Text(reason.Text),
                    }
                    : null;
            case "Session-Expires":
                return SessionExpiresHeader.TryParse(bytes, out SessionExpiresHeader expires)
                    ? new Dictionary<string, string>
                    {
                        ["seconds"] = Number((int)expires.Interval.TotalSeconds),
                        ["refresher"] = expires.Refresher.ToString().ToLowerInvariant(),
                    }
                    : null;
            default:
                return InResponse(name, value);
        }
    }

    private static Dictionary<string, string>? InResponse(string name, string value)
    {
        IEnumerable<string> others = Template.Where(line => !line.StartsWith(name + ":", StringComparison.Ordinal));
        ParsedMessage message = ParsedMessage.Of(SipSamples.Bytes(string.Join("\r\n", others.Append($"{name}: {value}")) + "\r\n\r\n"));
        return message.Rejection != SipRejection.None ? null : name switch
        {
            "CSeq" => new Dictionary<string, string>
            {
                ["number"] = Number((int)message.CSeq),
                ["method"] = message.Method.ToString().ToUpperInvariant(),
            },
            "Via" => message.ViaBranch.Length == 0 ? null : new Dictionary<string, string> { ["branch"] = message.ViaBranch },
            "Content-Length" => message.ContentLength < 0 ? null : new Dictionary<string, string> { ["value"] = Number(message.ContentLength) },
            "Call-ID" => new Dictionary<string, string> { ["value"] = message.CallId },
            _ => [],
        };
    }

    private static Dictionary<string, string> OfUri(ReadOnlySpan<byte> text)
    {
        _ = SipUri.TryParse(text, out SipUri uri);
        Span<byte> decoded = new byte[uri.UserNumber.Length];
        _ = PercentEncoding.TryDecode(uri.UserNumber, decoded, out int written);
        return new Dictionary<string, string>
        {
            ["scheme"] = uri.Scheme.ToString().ToLowerInvariant(),
            ["user"] = SipSamples.Text(uri.User),
            ["user_number"] = SipSamples.Text(uri.UserNumber),
            ["user_decoded"] = SipSamples.Text(decoded[..written]),
            ["host"] = SipSamples.Text(uri.Host),
            ["port"] = uri.Port == 0 ? "" : Number(uri.Port),
        };
    }

    private static string Parameter(SipParameters parameters, string name) =>
        parameters.TryGet(SipSamples.Bytes(name), out ReadOnlySpan<byte> value) ? SipSamples.Text(value) : "";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
