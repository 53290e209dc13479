using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeAgent.Telemetry;

/// <summary>Bodies of requests on the control socket; all others are refused unread.</summary>
internal static class RequestBody
{
    /// <summary>Longest document taken, in bytes.</summary>
    private const int MaxBytes = 4_096;

    /// <summary>Longest list of lines taken, in bytes.</summary>
    public const int MaxListBytes = 1_048_576;

    /// <summary>The document in the body; null when it is none.</summary>
    public static async Task<T?> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type, int maxBytes = MaxBytes)
        where T : class
    {
        try
        {
            context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = maxBytes;
            return await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is JsonException or BadHttpRequestException)
        {
            return null;
        }
    }
}
