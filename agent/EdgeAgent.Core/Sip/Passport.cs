using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace EdgeAgent.Core.Sip;

/// <summary>
/// What a carrier vouches for in the Identity header (RFC 8224): the PASSporT in it (RFC 8225). Read, not verified: the signature proves
/// nothing here without the carriers' certificates.
/// </summary>
/// <param name="Attestation">Attestation level (RFC 8588 §4): A, B or C; '\0' when it says none.</param>
/// <param name="OriginBytes">Length of the originating identity; 0 when there is none, or none that fits.</param>
/// <param name="IsMalformed">There is an Identity header, and it cannot be read.</param>
public readonly record struct Passport(char Attestation, int OriginBytes, bool IsMalformed)
{
    /// <summary>Longer payloads are no PASSporT of a call.</summary>
    private const int MaxPayloadBytes = 2_048;

    private static readonly Passport Malformed = new('\0', 0, true);

    /// <summary>Reads the first PASSporT of a message.</summary>
    /// <param name="identity">Value of the Identity header; empty gives <c>default</c>.</param>
    /// <param name="origin">Takes <c>orig</c>: the digits of its <c>tn</c>, or its <c>uri</c> (RFC 8225 §5.2.1).</param>
    public static Passport Read(ReadOnlySpan<byte> identity, Span<byte> origin)
    {
        if (identity.IsEmpty)
        {
            return default;
        }

        int headerEnd = identity.IndexOf((byte)'.');
        int payloadEnd = headerEnd < 0 ? -1 : identity[(headerEnd + 1)..].IndexOf((byte)'.');
        if (headerEnd == 0 && payloadEnd == 0)
        {
            return default; // the compact form (RFC 8225 §7), which leaves out what others can rebuild: nothing to be read
        }

        if (payloadEnd <= 0 || payloadEnd > MaxPayloadBytes * 4 / 3)
        {
            return Malformed;
        }

        Span<byte> payload = stackalloc byte[MaxPayloadBytes];
        OperationStatus status = Base64Url.DecodeFromUtf8(identity.Slice(headerEnd + 1, payloadEnd), payload, out _, out int length);
        return status == OperationStatus.Done ? ReadClaims(payload[..length], origin) : Malformed;
    }

    private static Passport ReadClaims(ReadOnlySpan<byte> json, Span<byte> origin)
    {
        Utf8JsonReader reader = new(json);
        char attestation = '\0';
        int originBytes = 0;
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return Malformed;
            }

            bool isOrigin = false;
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName)
                {
                    continue;
                }

                if (reader.CurrentDepth == 1)
                {
                    isOrigin = reader.ValueTextEquals("orig"u8);
                    attestation = attestation == '\0' && reader.ValueTextEquals("attest"u8) ? ReadLevel(ref reader) : attestation;
                }
                else if (isOrigin && originBytes == 0 && (reader.ValueTextEquals("tn"u8) || reader.ValueTextEquals("uri"u8)))
                {
                    originBytes = ReadText(ref reader, origin);
                }
            }

            return new Passport(attestation, originBytes, false);
        }
        catch (JsonException)
        {
            return Malformed;
        }
    }

    private static char ReadLevel(ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType == JsonTokenType.String && reader.ValueSpan is [(byte)'A' or (byte)'B' or (byte)'C']
            ? (char)reader.ValueSpan[0]
            : '\0';

    private static int ReadText(ref Utf8JsonReader reader, Span<byte> text) =>
        reader.Read() && reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped && reader.ValueSpan.TryCopyTo(text)
            ? reader.ValueSpan.Length
            : 0;
}
