using System.Globalization;
using System.Text.Json;
using Shouldly;

namespace EdgeAgent.Tests.EndToEnd;

/// <summary>Reads members of the agent's JSON; a missing member is a broken contract and fails the test by name.</summary>
internal static class ReplayJson
{
    /// <summary>A member that must be there.</summary>
    public static JsonElement Member(this JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value)
            ? value
            : throw new KeyNotFoundException($"\"{name}\" is missing in {Excerpt(element)}");

    /// <summary>A whole number.</summary>
    public static long Count(this JsonElement element, string name) => element.Member(name).GetInt64();

    /// <summary>A whole number, 0 where the member is left out.</summary>
    public static long CountOrZero(this JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) ? value.GetInt64() : 0;

    /// <summary>A text, null for JSON null.</summary>
    public static string? Text(this JsonElement element, string name) => element.Member(name).GetString();

    /// <summary>A decimal number, null for JSON null.</summary>
    public static double? Number(this JsonElement element, string name)
    {
        JsonElement value = element.Member(name);
        return value.ValueKind == JsonValueKind.Null ? null : value.GetDouble();
    }

    /// <summary>An instant in ISO 8601 UTC, null for JSON null.</summary>
    public static DateTimeOffset? Instant(this JsonElement element, string name)
    {
        string? text = element.Text(name);
        if (text is null)
        {
            return null;
        }

        text.ShouldEndWith("Z");
        return DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
    }

    /// <summary>Counts by name, zeros left out.</summary>
    public static SortedDictionary<string, long> Counts(this JsonElement element)
    {
        SortedDictionary<string, long> counts = new(StringComparer.Ordinal);
        foreach (JsonProperty property in element.EnumerateObject())
        {
            long count = property.Value.GetInt64();
            if (count != 0)
            {
                counts[property.Name] = count;
            }
        }

        return counts;
    }

    private static string Excerpt(JsonElement element)
    {
        string text = element.GetRawText();
        return text.Length <= 200 ? text : text[..200];
    }
}
