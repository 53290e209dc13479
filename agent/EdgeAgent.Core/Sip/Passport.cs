using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace EdgeAgent.Core.Sip;

/// <summary>Extension of a PASSporT (RFC 8225 §8.1).</summary>
public enum PassportKind
{
    /// <summary>None, or one that is not looked at.</summary>
    Other = 0,
    /// <summary>An attestation of the caller ID (RFC 8588).</summary>
    Shaken,
    /// <summary>The call was sent on (RFC 8946).</summary>
    Diverted,
}

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
    private const int MaxHeaderBytes = 512;

    private static readonly Passport Malformed = new('\0', 0, true);

    /// <summary>What it is about, by its <c>ppt</c>.</summary>
    public PassportKind Kind { get; init; }

    /// <summary>Length of the identity that sent the call on; 0 when there is none, or none that fits.</summary>
    public int DiverterBytes { get; init; }

    /// <summary>Reads one PASSporT.</summary>
    /// <param name="identity">One value of an Identity header; empty gives <c>default</c>.</param>
    /// <param name="origin">Takes <c>orig</c>: the digits of its <c>tn</c>, or its <c>uri</c> (RFC 8225 §5.2.1).</param>
    /// <param name="diverter">Takes <c>div</c> in the same form (RFC 8946 §3).</param>
    public static Passport Read(ReadOnlySpan<byte> identity, Span<byte> origin, Span<byte> diverter = default) =>
        ReadToken(identity, origin, diverter) with { Kind = KindOf(identity) };

    private static Passport ReadToken(ReadOnlySpan<byte> identity, Span<byte> origin, Span<byte> diverter)
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
        return status == OperationStatus.Done ? ReadClaims(payload[..length], origin, diverter) : Malformed;
    }

    /// <summary>From the parameter or, where it was left out (RFC 8224 §4), from the header of the token.</summary>
    private static PassportKind KindOf(ReadOnlySpan<byte> identity)
    {
        if (new SipParameters(identity).TryGet("ppt"u8, out ReadOnlySpan<byte> parameter))
        {
            return KindNamed(parameter);
        }

        int end = identity.IndexOf((byte)'.');
        Span<byte> header = stackalloc byte[MaxHeaderBytes];
        return end > 0 && end <= MaxHeaderBytes * 4 / 3
            && Base64Url.DecodeFromUtf8(identity[..end], header, out _, out int length) == OperationStatus.Done
                ? KindNamed(header[..ReadExtension(header[..length], header)])
                : PassportKind.Other;
    }

    private static PassportKind KindNamed(ReadOnlySpan<byte> extension) =>
        extension.SequenceEqual("shaken"u8) ? PassportKind.Shaken
        : extension.SequenceEqual("div"u8) || extension.SequenceEqual("div-o"u8) ? PassportKind.Diverted
        : PassportKind.Other;

    private static int ReadExtension(ReadOnlySpan<byte> json, Span<byte> extension)
    {
        Utf8JsonReader reader = new(json);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueTextEquals("ppt"u8))
                {
                    return ReadText(ref reader, extension);
                }
            }
        }
        catch (JsonException)
        {
            // What cannot be read says nothing of its kind.
        }

        return 0;
    }

    private static Passport ReadClaims(ReadOnlySpan<byte> json, Span<byte> origin, Span<byte> diverter)
    {
        Utf8JsonReader reader = new(json);
        char attestation = '\0';
        int originBytes = 0;
        int diverterBytes = 0;
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return Malformed;
            }

            bool isOrigin = false;
            bool isDiverter = false;
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName)
                {
                    continue;
                }

                if (reader.CurrentDepth == 1)
                {
                    isOrigin = reader.ValueTextEquals("orig"u8);
                    isDiverter = reader.ValueTextEquals("div"u8);
                    attestation = attestation == '\0' && reader.ValueTextEquals("attest"u8) ? ReadLevel(ref reader) : attestation;
                }
                else if (!reader.ValueTextEquals("tn"u8) && !reader.ValueTextEquals("uri"u8))
                {
                    continue;
                }
                else if (isOrigin && originBytes == 0)
                {
                    originBytes = ReadText(ref reader, origin);
                }
                else if (isDiverter && diverterBytes == 0)
                {
                    diverterBytes = ReadText(ref reader, diverter);
                }
            }

            return new Passport(attestation, originBytes, false) { DiverterBytes = diverterBytes };
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
