using System.Buffers;
using System.Text.Json;
using EdgeAgent.Core.Evidence;

namespace EdgeAgent.Core.Commands;

/// <summary>
/// Reads a command. Every member stands once and has its one type; members that are not known are passed over, so that later versions may
/// add some. The signature covers the exact bytes, so nothing is put into another form before it is checked.
/// </summary>
internal static class CommandReader
{
    private const int MaxDepth = 32;
    private const int MinNonceLength = 16;
    private const int MaxNonceLength = 64;
    private const int MaxAgentLength = 40;
    private const int MaxMembers = 32;

    private static readonly JsonReaderOptions Strict = new() { MaxDepth = MaxDepth };
    private static readonly SearchValues<char> NonceCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    private static readonly SearchValues<char> AgentCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>Null when <paramref name="payload"/> is no command. Never throws.</summary>
    public static CommandEnvelope? Read(ReadOnlyMemory<byte> payload)
    {
        byte[] signature = new byte[RecordSeal.SignatureBytes];
        bool isSigned = RecordSeal.TrySplit(payload.Span, out ReadOnlySpan<byte> signed, signature);
        RecordHash hash = isSigned ? RecordHash.Of(signed) : default;
        try
        {
            return ReadMembers(payload) is { } fields ? fields.ToEnvelope(hash, isSigned ? signature : []) : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException) // no JSON; a text that is no UTF-8
        {
            return null;
        }
    }

    private static Fields? ReadMembers(ReadOnlyMemory<byte> payload)
    {
        Utf8JsonReader reader = new(payload.Span, Strict);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        Fields fields = new();
        HashSet<string> seen = new(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            if (seen.Count == MaxMembers || !seen.Add(name) || !reader.Read() || !fields.Take(ref reader, name, payload))
            {
                return null;
            }
        }

        return reader.Read() ? null : fields;
    }

    private sealed class Fields
    {
        private long _version;
        private string? _command;
        private string? _agent;
        private string? _nonce;
        private DateTimeOffset? _issuedAt;
        private DateTimeOffset? _expiresAt;
        private ReadOnlyMemory<byte> _arguments = "{}"u8.ToArray();

        /// <summary>Takes one member; false when its value cannot be.</summary>
        public bool Take(ref Utf8JsonReader reader, string name, ReadOnlyMemory<byte> payload)
        {
            switch (name)
            {
                case "v":
                    return reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out _version) && _version == 1;
                case "command":
                    _command = Text(ref reader);
                    return CommandNames.IsName(_command);
                case "agent":
                    _agent = Text(ref reader);
                    return _agent.Length is > 0 and <= MaxAgentLength && !_agent.AsSpan().ContainsAnyExcept(AgentCharacters);
                case "nonce":
                    _nonce = Text(ref reader);
                    return _nonce.Length is >= MinNonceLength and <= MaxNonceLength && !_nonce.AsSpan().ContainsAnyExcept(NonceCharacters);
                case "issuedAt":
                    _issuedAt = Time(ref reader);
                    return _issuedAt is not null;
                case "expiresAt":
                    _expiresAt = Time(ref reader);
                    return _expiresAt is not null;
                case "arguments":
                    int start = (int)reader.TokenStartIndex;
                    bool isObject = reader.TokenType == JsonTokenType.StartObject;
                    reader.Skip();
                    _arguments = payload[start..(int)reader.BytesConsumed];
                    return isObject;
                default:
                    reader.Skip();
                    return true;
            }
        }

        /// <summary>The command; null when a member is missing.</summary>
        public CommandEnvelope? ToEnvelope(RecordHash hash, ReadOnlyMemory<byte> signature) =>
            _version == 1 && _command is not null && _agent is not null && _nonce is not null
            && _issuedAt is { } issuedAt && _expiresAt is { } expiresAt
                ? new CommandEnvelope
                {
                    Command = _command,
                    Agent = _agent,
                    Nonce = _nonce,
                    IssuedAt = issuedAt,
                    ExpiresAt = expiresAt,
                    Arguments = _arguments,
                    Hash = hash,
                    Signature = signature,
                }
                : null;

        private static string Text(ref Utf8JsonReader reader) =>
            reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length <= 256 ? reader.GetString()! : "";

        /// <summary>ISO 8601 in UTC. Without the <c>Z</c> it would be read in the host's own time zone.</summary>
        private static DateTimeOffset? Time(ref Utf8JsonReader reader) =>
            reader.TokenType == JsonTokenType.String && reader.ValueSpan.EndsWith("Z"u8) && reader.TryGetDateTimeOffset(out DateTimeOffset at)
                ? at
                : null;
    }
}
