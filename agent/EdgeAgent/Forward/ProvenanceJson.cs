using System.Text.Json;
using EdgeAgent.Core.Evidence;
using EdgeAgent.Store;

namespace EdgeAgent.Forward;

/// <summary>The members by which a record says where it comes from and what it follows: the last ones before its signature.</summary>
internal static class ProvenanceJson
{
    /// <summary>Writes them; the object stays open, for the signature closes it.</summary>
    public static void Write(Utf8JsonWriter writer, RecordCursor cursor, SigningKey key)
    {
        WriteOrigin(writer, cursor.Origin, key);
        if (cursor.Anchor is Anchor anchor)
        {
            writer.WriteStartObject("anchor");
            writer.WriteString("nonce", anchor.Nonce);
            writer.WriteString("at", Instant.Microseconds(anchor.At));
            writer.WriteString("epoch", anchor.Epoch);
            writer.WriteNumber("seq", anchor.Seq);
            writer.WriteString("hash", anchor.Hash.ToString());
            writer.WriteEndObject();
        }

        if (cursor.Begins is EpochLink link)
        {
            WriteBeginning(writer, link);
        }

        if (cursor.StatesKey)
        {
            writer.WriteString("publicKey", key.PublicKey);
            WriteSuccession(writer, cursor.Succeeds);
        }

        writer.WriteString("prev", cursor.Previous.ToString());
    }

    /// <summary>Writes the former key's word for the public key, if there is one.</summary>
    public static void WriteSuccession(Utf8JsonWriter writer, KeySuccession? succeeds)
    {
        if (succeeds is not null)
        {
            writer.WriteStartObject("succeeds");
            writer.WriteString("key", succeeds.Former);
            writer.WriteString("sig", succeeds.Signature);
            writer.WriteEndObject();
        }
    }

    /// <summary>Reads <c>begins</c> back; null where a record has none.</summary>
    public static EpochLink? ReadBeginning(JsonElement record)
    {
        if (!record.TryGetProperty("begins", out JsonElement begins))
        {
            return null;
        }

        JsonElement lastSeq = begins.GetProperty("lastSeq");
        return new EpochLink(
            begins.GetProperty("predecessor").GetString(),
            lastSeq.ValueKind == JsonValueKind.Null ? null : lastSeq.GetInt64(),
            RecordHash.TryParse(begins.GetProperty("lastHash").GetString(), out RecordHash hash) ? hash : null);
    }

    private static void WriteOrigin(Utf8JsonWriter writer, RecordOrigin origin, SigningKey key)
    {
        writer.WriteStartObject("origin");
        writer.WriteString("version", AgentVersion.Current);
        writer.WriteNumber("packets", origin.Packets);
        writer.WriteNumber("dropped", origin.Dropped);
        writer.WriteString("configHash", origin.ConfigHash);
        writer.WriteString("trunksHash", origin.TrunksHash);
        writer.WriteString("policyHash", origin.PolicyHash);
        writer.WriteString("key", key.Fingerprint);
        writer.WriteEndObject();
    }

    private static void WriteBeginning(Utf8JsonWriter writer, EpochLink link)
    {
        writer.WriteStartObject("begins");
        writer.WriteString("predecessor", link.Predecessor);
        if (link.LastSeq is long lastSeq)
        {
            writer.WriteNumber("lastSeq", lastSeq);
        }
        else
        {
            writer.WriteNull("lastSeq");
        }

        writer.WriteString("lastHash", link.LastHash?.ToString());
        writer.WriteEndObject();
    }
}
