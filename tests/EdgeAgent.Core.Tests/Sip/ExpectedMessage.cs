using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using EdgeAgent.Core.Sip;

namespace EdgeAgent.Core.Tests.Sip;

/// <summary>Compares what the parser gives with what a file of expectations says, field by field.</summary>
internal static class ExpectedMessage
{
    /// <summary>Fields that the agent does not read: it needs none of them to count a call.</summary>
    private static readonly HashSet<string> NotRead = ["via_count", "body_octets_present"];

    /// <summary>Whatever differs, in words; a field that is neither compared nor known as not read is a difference too.</summary>
    public static IEnumerable<string> Differences(JsonElement expected, byte[] bytes)
    {
        ParsedMessage actual = ParsedMessage.Of(bytes);
        if (actual.Rejection != SipRejection.None)
        {
            return [$"refused: {actual.Rejection}"];
        }

        return expected.EnumerateObject()
            .Where(field => !NotRead.Contains(field.Name))
            .Select(field => (field.Name, Expected: Text(field.Name, field.Value), Actual: Field(field.Name, actual, expected)))
            .Where(field => field.Expected != field.Actual)
            .Select(field => $"{field.Name}: {Word(field.Actual)} for {Word(field.Expected)}");
    }

    /// <summary>Octets as the text they stand for.</summary>
    public static string Utf8(string octets) => Encoding.UTF8.GetString(SipSamples.Bytes(octets));

    /// <summary>A display name as a reader sees it: escapes resolved (RFC 3261 §25.1), runs of white space as one blank.</summary>
    public static string Shown(string display)
    {
        StringBuilder shown = new();
        for (int i = 0; i < display.Length; i++)
        {
            i += display[i] == '\\' && i + 1 < display.Length ? 1 : 0;
            shown.Append(display[i]);
        }

        return OneBlank(Utf8(shown.ToString()));
    }

    /// <summary>Runs of white space as one blank, none at the ends.</summary>
    public static string OneBlank(string text) =>
        string.Join(' ', text.Split([' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries));

    private static string? Field(string name, ParsedMessage actual, JsonElement expected) => name switch
    {
        "type" => actual.IsRequest ? "request" : "response",
        "method" => actual.IsRequest ? Method(actual.Method, expected.GetProperty(name)) : null,
        "cseq_method" => Method(actual.Method, expected.GetProperty(name)),
        "status" => actual.IsRequest ? null : Number(actual.StatusCode),
        "request_uri" => actual.RequestUri,
        "reason_phrase" => actual.ReasonPhrase,
        "call_id" => Utf8(actual.CallId),
        "cseq_number" => Number(actual.CSeq),
        "top_via_branch" => NullIfEmpty(actual.ViaBranch),
        "content_length" => actual.ContentLength < 0 ? null : Number(actual.ContentLength),
        "is_new_call" => Word(actual.IsRequest && actual.Method == SipMethod.Invite && actual.ToTag.Length == 0),
        "from_tag" => NullIfEmpty(actual.FromTag),
        "to_tag" => NullIfEmpty(actual.ToTag),
        "pai_users" or "ppi_users" or "privacy" or "session_expires" => Identity(name, actual.Identities.Split('|')),
        _ when name.StartsWith("from_", StringComparison.Ordinal) => Address(name[5..], actual.From),
        _ when name.StartsWith("to_", StringComparison.Ordinal) => Address(name[3..], actual.To),
        _ => "not compared",
    };

    private static string? Identity(string name, string[] identities) => name switch
    {
        "pai_users" => $"[{string.Join(',', identities[..2].Select(ParsedMessage.UserNumber).Where(user => user is not null))}]",
        "ppi_users" => $"[{ParsedMessage.UserNumber(identities[2])}]",
        "session_expires" => NullIfEmpty(identities[6]),
        _ => NullIfEmpty(identities[4]),
    };

    /// <summary>Methods that mean nothing to the agent have one name.</summary>
    private static string? Method(SipMethod actual, JsonElement expected)
    {
        string text = expected.GetString() ?? "";
        bool isKnown = Enum.GetNames<SipMethod>().Select(name => name.ToUpperInvariant()).Contains(text);
        return actual == SipMethod.Other && !isKnown ? text : actual.ToString().ToUpperInvariant();
    }

    private static string? Address(string part, string value)
    {
        if (!NameAddr.TryParse(SipSamples.Bytes(value), out NameAddr address))
        {
            return null;
        }

        _ = SipUri.TryParse(address.Uri, out SipUri uri);
        return NullIfEmpty(part switch
        {
            "display" => Shown(SipSamples.Text(address.DisplayName)),
            "uri" => SipSamples.Text(address.Uri),
            "user" => SipSamples.Text(uri.UserNumber),
            "host" => SipSamples.Text(uri.Host),
            _ => "not compared",
        });
    }

    private static string? Text(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String when name is "cseq_number" or "content_length" => // leading zeros say nothing
            BigInteger.Parse(value.GetString()!, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture),
        JsonValueKind.String => NullIfEmpty(value.GetString()!),
        JsonValueKind.True or JsonValueKind.False => Word(value.GetBoolean()),
        JsonValueKind.Array => $"[{string.Join(',', value.EnumerateArray().Select(each => each.GetString()))}]",
        _ => value.GetRawText(),
    };

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Word(bool value) => value ? "yes" : "no";

    private static string Word(string? value) => value is null ? "nothing" : $"\"{value}\"";
}
