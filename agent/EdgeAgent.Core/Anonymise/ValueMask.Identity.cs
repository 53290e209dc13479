using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using EdgeAgent.Core.Sip;
using static EdgeAgent.Core.Anonymise.ValueScan;

namespace EdgeAgent.Core.Anonymise;

/// <content>
/// Identity headers (RFC 8224). Their PASSporTs are opened and closed again: who vouches for what stays, so that it counts the same; numbers
/// and names in them are replaced, and with them the signature.
/// </content>
internal sealed partial class ValueMask
{
    private const int MaxTokenBytes = 4_096;

    private enum ClaimKind
    {
        Name = 0,
        Telephone,
        Uri,
        Kept,
    }

    /// <summary>A comma list of signed tokens with parameters.</summary>
    public void Identity(Span<byte> text)
    {
        while (!text.IsEmpty)
        {
            int comma = CommaList.IndexOfComma(text);
            Span<byte> value = comma < 0 ? text : text[..comma];
            int tokenEnd = value.IndexOf((byte)';');
            tokenEnd = tokenEnd < 0 ? value.Length : tokenEnd;
            Token(value[..tokenEnd]);
            Addresses(value[tokenEnd..]);
            text = comma < 0 ? default : text[(comma + 1)..];
        }
    }

    /// <summary>Header, payload and signature, each in base64 (RFC 7515 §7.1).</summary>
    private void Token(Span<byte> token)
    {
        while (!token.IsEmpty && SipText.IsWhiteSpace(token[0]))
        {
            token = token[1..];
        }

        int headerEnd = token.IndexOf((byte)'.');
        int payloadEnd = headerEnd < 0 ? -1 : token[(headerEnd + 1)..].IndexOf((byte)'.');
        if (payloadEnd < 0)
        {
            Opaque(token);
            return;
        }

        Part(token[..headerEnd]);
        Part(token.Slice(headerEnd + 1, payloadEnd));
        Opaque(token[(headerEnd + 1 + payloadEnd)..]);
    }

    private void Part(Span<byte> encoded)
    {
        Span<byte> json = stackalloc byte[MaxTokenBytes];
        if (encoded.Length > MaxTokenBytes || Base64Url.DecodeFromUtf8(encoded, json, out _, out int length) != OperationStatus.Done)
        {
            Opaque(encoded);
            return;
        }

        json = json[..length];
        Claims(json);
        if (!IsLearning)
        {
            Base64Url.EncodeToUtf8(json, encoded, out _, out _);
        }
    }

    /// <summary>Replaces inside a JSON text, byte for byte; from where it is none, nothing of it stays.</summary>
    private void Claims(Span<byte> json)
    {
        Utf8JsonReader reader = new(json.ToArray());
        ClaimKind kind = ClaimKind.Name;
        try
        {
            while (reader.Read())
            {
                int start = (int)reader.TokenStartIndex + (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName ? 1 : 0);
                Span<byte> value = json.Slice(start, reader.ValueSpan.Length);
                if (reader.TokenType == JsonTokenType.PropertyName)
                {
                    kind = KindOf(reader);
                    if (!Vocabulary.IsClaim(reader.ValueSpan))
                    {
                        Claim(value, ClaimKind.Name);
                    }
                }
                else if (reader.TokenType == JsonTokenType.String)
                {
                    Claim(value, kind);
                }
                else if (reader.TokenType == JsonTokenType.Number && kind != ClaimKind.Kept)
                {
                    Number(value);
                }
            }
        }
        catch (JsonException)
        {
            json[(int)reader.BytesConsumed..].Fill((byte)'x');
        }
    }

    /// <summary>Of a telephone number the beginning stays; of any other only that it is one: a zero in front would make it none.</summary>
    private void Number(Span<byte> value)
    {
        int i = 0;
        if (IsDigits(value, MaxDigits) && NumberMap.IsLong(value.Length))
        {
            TakeNumber(value, ref i);
        }
        else if (!IsLearning)
        {
            for (; i < value.Length; i++)
            {
                value[i] = char.IsAsciiDigit((char)value[i]) ? (byte)'1' : value[i];
            }
        }
    }

    private static ClaimKind KindOf(in Utf8JsonReader name) =>
        name.ValueTextEquals("tn"u8) ? ClaimKind.Telephone
        : name.ValueTextEquals("uri"u8) || name.ValueTextEquals("x5u"u8) ? ClaimKind.Uri
        : name.ValueTextEquals("attest"u8) || name.ValueTextEquals("iat"u8) || name.ValueTextEquals("ppt"u8)
            || name.ValueTextEquals("alg"u8) || name.ValueTextEquals("typ"u8) ? ClaimKind.Kept
        : ClaimKind.Name;

    private void Claim(Span<byte> value, ClaimKind kind)
    {
        int i = 0;
        if (value.Contains((byte)'\\') || value.ContainsAnyExceptInRange((byte)' ', (byte)'~'))
        {
            if (!IsLearning)
            {
                value.Fill((byte)'x'); // an escape with other digits could be none
            }
        }
        else if (kind == ClaimKind.Kept && (value.Length == 1 || IsDigits(value, MaxDigits) || Vocabulary.IsValue(value)))
        {
            return;
        }
        else if (kind == ClaimKind.Telephone && TakeNumber(value, ref i))
        {
            Opaque(value[i..]);
        }
        else if (kind == ClaimKind.Uri)
        {
            Addresses(value);
        }
        else
        {
            Opaque(value);
        }
    }
}
