using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using EdgeAgent.Core.Evidence;

namespace EdgeAgent.Core.Commands;

/// <summary>Writes and signs commands: the centre's side.</summary>
public static class CommandWriter
{
    private const int NonceBytes = 18;

    /// <summary>A nonce nobody can guess: 144 random bits in base64url.</summary>
    public static string NewNonce() => System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(NonceBytes));

    /// <summary>The exact bytes of a signed command.</summary>
    /// <param name="command">What to write.</param>
    /// <param name="key">P-256 private key.</param>
    /// <exception cref="JsonException">The arguments are no JSON.</exception>
    /// <exception cref="CryptographicException">The key cannot sign.</exception>
    public static byte[] Write(CommandEnvelope command, ECDsa key)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(key);
        ArrayBufferWriter<byte> output = new(512);
        WriteUnsigned(output, command);
        byte[] signed = output.WrittenSpan[..^1].ToArray(); // all but the closing bracket, which the seal brings
        ArrayBufferWriter<byte> whole = new(signed.Length + RecordSeal.Length);
        whole.Write(signed);
        RecordSeal.Append(whole, key, RecordHash.Of(signed));
        return whole.WrittenSpan.ToArray();
    }

    /// <summary>The same without a signature, for <c>ping</c>.</summary>
    public static byte[] WriteUnsigned(CommandEnvelope command)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArrayBufferWriter<byte> output = new(512);
        WriteUnsigned(output, command);
        return output.WrittenSpan.ToArray();
    }

    private static void WriteUnsigned(ArrayBufferWriter<byte> output, CommandEnvelope command)
    {
        using Utf8JsonWriter writer = new(output);
        writer.WriteStartObject();
        writer.WriteNumber("v", 1);
        writer.WriteString("command", command.Command);
        writer.WriteString("agent", command.Agent);
        writer.WriteString("nonce", command.Nonce);
        writer.WriteString("issuedAt", Text(command.IssuedAt));
        writer.WriteString("expiresAt", Text(command.ExpiresAt));
        writer.WritePropertyName("arguments");
        writer.WriteRawValue(command.Arguments.Span);
        writer.WriteEndObject();
    }

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
