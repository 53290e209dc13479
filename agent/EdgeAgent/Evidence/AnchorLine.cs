using System.Globalization;
using System.Text.Json;
using EdgeAgent.Core.Evidence;

namespace EdgeAgent.Evidence;

/// <summary>An anchor as a line of JSON: <c>{"nonce":"…","at":"…","epoch":"…","seq":42,"hash":"…"}</c>; nonce and time may be missing.</summary>
internal static class AnchorLine
{
    /// <summary>Reads one; null when it is none.</summary>
    public static Anchor? Read(ReadOnlyMemory<byte> line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            return root.TryGetProperty("epoch", out JsonElement epoch) && epoch.GetString() is { Length: > 0 } name
                && root.TryGetProperty("seq", out JsonElement seq) && seq.TryGetInt64(out long number) && number > 0
                && root.TryGetProperty("hash", out JsonElement hash) && RecordHash.TryParse(hash.GetString(), out RecordHash parsed)
                    ? new Anchor(Text(root, "nonce"), Time(root), name, number, parsed)
                    : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement value) ? value.GetString() ?? "" : "";

    private static DateTimeOffset Time(JsonElement root) => DateTimeOffset.TryParse(
        Text(root, "at"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at) ? at : default;
}
