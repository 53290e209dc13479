using System.Text.Json;

namespace EdgeAgent.Forward;

/// <summary>Reads single arguments of a command; what is missing or of another type is null.</summary>
internal static class CommandArguments
{
    /// <summary>The arguments as a document to dispose of. They were checked to be one JSON object.</summary>
    public static JsonDocument Open(ReadOnlyMemory<byte> arguments) => JsonDocument.Parse(arguments);

    /// <summary>A whole number.</summary>
    public static long? Number(JsonDocument arguments, string name) =>
        arguments.RootElement.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number)
            ? number
            : null;

    /// <summary>A text.</summary>
    public static string? Text(JsonDocument arguments, string name) =>
        arguments.RootElement.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
