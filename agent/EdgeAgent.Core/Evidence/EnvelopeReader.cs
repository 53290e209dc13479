using System.Text.Json;

namespace EdgeAgent.Core.Evidence;

/// <summary>Reads the members of a record that the chain needs. A member that stands twice is refused: readers would disagree about it.</summary>
internal static class EnvelopeReader
{
    private const int MaxText = 128;

    private const int MaxHoles = 1_024;

    private static readonly string[] Needed = ["v", "agent", "epoch", "seq", "kind", "prev", "sig"];

    /// <summary>Fills <paramref name="record"/>; gives what is wrong, or nothing.</summary>
    /// <exception cref="JsonException">The bytes are no JSON.</exception>
    /// <exception cref="InvalidOperationException">A text is no UTF-8, or a value of another type than expected.</exception>
    public static string Read(Utf8JsonReader reader, SignedRecord record)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return "is no JSON object";
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            if (!seen.Add(name))
            {
                return $"holds \"{(name.Length > MaxText ? "…" : name)}\" twice";
            }

            reader.Read();
            if (!Take(ref reader, name, record))
            {
                return $"holds a \"{name}\" that cannot be";
            }
        }

        if (reader.Read() || Needed.FirstOrDefault(name => !seen.Contains(name)) is { })
        {
            return "is no record of edge-agent";
        }

        return "";
    }

    private static bool Take(ref Utf8JsonReader reader, string name, SignedRecord record)
    {
        switch (name)
        {
            case "v":
                return Number(ref reader) == 1;
            case "agent":
                record.Agent = Text(ref reader);
                return record.Agent.Length > 0;
            case "epoch":
                record.Epoch = Text(ref reader);
                return record.Epoch.Length > 0;
            case "seq":
                record.Seq = Number(ref reader);
                return record.Seq is >= 1 and < long.MaxValue;
            case "kind":
                record.Kind = Text(ref reader);
                return true;
            case "event":
                record.Event = Text(ref reader);
                return true;
            case "reason":
                record.Reason = Text(ref reader);
                return true;
            case "value":
                record.Value = Number(ref reader);
                return true;
            case "prev":
                record.Prev = Hash(ref reader, out bool isHash);
                return isHash;
            case "publicKey":
                record.PublicKey = Text(ref reader, maxLength: 512);
                return true;
            case "succeeds":
                record.Succeeds = SuccessionOf(ref reader);
                return record.Succeeds is not null;
            case "origin":
                return TakeOrigin(ref reader, record);
            case "begins":
                record.Begins = Link(ref reader);
                return record.Begins is not null;
            case "anchor":
                record.Anchor = AnchorOf(ref reader);
                return record.Anchor is not null;
            case "holes":
                return TakeHoles(ref reader, record);
            default:
                reader.Skip();
                return true;
        }
    }

    private static bool TakeOrigin(ref Utf8JsonReader reader, SignedRecord record)
    {
        foreach ((string name, string? text, _) in Members(ref reader))
        {
            record.KeyFingerprint = name == "key" ? text : record.KeyFingerprint;
        }

        return true;
    }

    private static KeySuccession? SuccessionOf(ref Utf8JsonReader reader)
    {
        Dictionary<string, string?> texts = new(StringComparer.Ordinal);
        foreach ((string name, string? text, _) in Members(ref reader))
        {
            texts[name] = text;
        }

        return texts.GetValueOrDefault("key") is string key && texts.GetValueOrDefault("sig") is string signature
            ? new KeySuccession(key, signature)
            : null;
    }

    private static EpochLink? Link(ref Utf8JsonReader reader)
    {
        string? predecessor = null;
        long? lastSeq = null;
        RecordHash? lastHash = null;
        foreach ((string name, string? text, long? number) in Members(ref reader))
        {
            switch (name)
            {
                case "predecessor":
                    predecessor = text;
                    break;
                case "lastSeq":
                    lastSeq = number;
                    break;
                case "lastHash" when text is not null:
                    if (!RecordHash.TryParse(text, out RecordHash hash))
                    {
                        return null;
                    }

                    lastHash = hash;
                    break;
            }
        }

        return new EpochLink(predecessor, lastSeq, lastHash);
    }

    private static Anchor? AnchorOf(ref Utf8JsonReader reader)
    {
        Dictionary<string, string?> texts = new(StringComparer.Ordinal);
        long seq = 0;
        foreach ((string name, string? text, long? number) in Members(ref reader))
        {
            texts[name] = text;
            seq = name == "seq" ? number ?? 0 : seq;
        }

        return texts.GetValueOrDefault("nonce") is { Length: <= Anchor.MaxNonceLength } nonce
            && texts.GetValueOrDefault("epoch") is { Length: > 0 } epoch
            && DateTimeOffset.TryParse(
                texts.GetValueOrDefault("at"), System.Globalization.CultureInfo.InvariantCulture,
                System.Globalization.DateTimeStyles.AssumeUniversal, out DateTimeOffset at)
            && RecordHash.TryParse(texts.GetValueOrDefault("hash"), out RecordHash hash)
            && seq > 0
                ? new Anchor(nonce, at, epoch, seq, hash)
                : null;
    }

    private static bool TakeHoles(ref Utf8JsonReader reader, SignedRecord record)
    {
        List<Hole> holes = [];
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            long from = 0;
            long to = 0;
            RecordHash prev = default;
            RecordHash hash = default;
            bool isWhole = true;
            foreach ((string name, string? text, long? number) in Members(ref reader))
            {
                from = name == "from" ? number ?? 0 : from;
                to = name == "to" ? number ?? 0 : to;
                isWhole &= name != "prev" || RecordHash.TryParse(text, out prev);
                isWhole &= name != "hash" || RecordHash.TryParse(text, out hash);
            }

            if (!isWhole || from < 1 || to < from || holes.Count == MaxHoles)
            {
                return false;
            }

            holes.Add(new Hole(from, to, prev, hash));
        }

        record.Holes = holes;
        return reader.TokenType == JsonTokenType.EndArray;
    }

    /// <summary>Members of a flat object; what is neither text nor whole number comes as null.</summary>
    private static List<(string Name, string? Text, long? Number)> Members(ref Utf8JsonReader reader)
    {
        List<(string, string?, long?)> members = [];
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("an object is expected");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            members.Add((
                name,
                reader.TokenType == JsonTokenType.String ? Text(ref reader) : null,
                reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long number) ? number : null));
            reader.Skip();
        }

        return members;
    }

    private static long Number(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long number) ? number : 0;

    private static string Text(ref Utf8JsonReader reader, int maxLength = MaxText)
    {
        string text = reader.GetString() ?? "";
        return text.Length <= maxLength ? text : throw new JsonException("a text is too long");
    }

    private static RecordHash Hash(ref Utf8JsonReader reader, out bool isHash)
    {
        isHash = RecordHash.TryParse(Text(ref reader), out RecordHash hash);
        return hash;
    }
}
