using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace EdgeAgent.Core.Sip;

/// <summary>
/// What a carrier vouches for in the Identity header (RFC 8224): the attestation level of the PASSporT in it (RFC 8588 §4). Read, not
/// verified: the signature proves nothing here without the carriers' certificates.
/// </summary>
public static class Passport
{
    /// <summary>Longer payloads are no PASSporT of a call.</summary>
    private const int MaxPayloadBytes = 2_048;

    /// <summary>Finds the level.</summary>
    /// <param name="identity">Value of the Identity header; of several, the first.</param>
    /// <returns>A, B or C; '\0' when there is none or it cannot be read.</returns>
    public static char Attestation(ReadOnlySpan<byte> identity)
    {
        int headerEnd = identity.IndexOf((byte)'.');
        if (headerEnd < 0)
        {
            return '\0';
        }

        ReadOnlySpan<byte> encoded = identity[(headerEnd + 1)..];
        int payloadEnd = encoded.IndexOf((byte)'.');
        if (payloadEnd <= 0 || payloadEnd > MaxPayloadBytes * 4 / 3)
        {
            return '\0'; // no payload, or the compact form (RFC 8225 §7), which leaves out what others can rebuild: the level is not in it
        }

        Span<byte> payload = stackalloc byte[MaxPayloadBytes];
        OperationStatus status = Base64Url.DecodeFromUtf8(encoded[..payloadEnd], payload, out _, out int length);
        return status == OperationStatus.Done ? LevelIn(payload[..length]) : '\0';
    }

    private static char LevelIn(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueTextEquals("attest"u8))
                {
                    return reader.Read() && reader.TokenType == JsonTokenType.String && reader.ValueSpan is [(byte)'A' or (byte)'B' or (byte)'C']
                        ? (char)reader.ValueSpan[0]
                        : '\0';
                }
            }
        }
        catch (JsonException)
        {
            // Not JSON: a peer's mistake, told by the missing level.
        }

        return '\0';
    }
}
