using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeAgent.Telemetry;

/// <summary>Generated serialisation of what the control socket says: no reflection, so it survives trimming.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(StatusDocument))]
[JsonSerializable(typeof(NumbersDocument))]
[JsonSerializable(typeof(ErrorDocument))]
[JsonSerializable(typeof(VersionDocument))]
[JsonSerializable(typeof(ReconciliationDocument))]
[JsonSerializable(typeof(RecordedDocument))]
[JsonSerializable(typeof(Guards.CallQuestion))]
[JsonSerializable(typeof(Guards.CallAnswer))]
[JsonSerializable(typeof(Guards.GuardsDocument))]
[JsonSerializable(typeof(Guards.StandingOrder))]
[JsonSerializable(typeof(Guards.StandingDocument))]
[JsonSerializable(typeof(Imports.ConsentLines))]
[JsonSerializable(typeof(Imports.ImportOutcome))]
[JsonSerializable(typeof(Imports.ReportLines))]
[JsonSerializable(typeof(Imports.ReportOutcome))]
[JsonSerializable(typeof(ConsentsDocument))]
[JsonSerializable(typeof(PurgedDocument))]
[JsonSerializable(typeof(Evidence.VerifyDocument))]
internal sealed partial class TelemetryJson : JsonSerializerContext
{
    /// <summary>The context to use: <c>+33…</c> stays readable, for nothing of this ends up in HTML.</summary>
    public static TelemetryJson Plain => Relaxed.Context;

    // A class of its own, so that it is made after Default, whatever the order of the generated file.
    private static class Relaxed
    {
        public static readonly TelemetryJson Context =
            new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }
}

/// <summary>Times as every output of the agent writes them: UTC, microseconds, <c>Z</c>.</summary>
internal sealed class UtcTimeConverter : JsonConverter<DateTimeOffset>
{
    /// <inheritdoc/>
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
}

/// <summary>Body of an answer that is no answer.</summary>
/// <param name="Error">What was wrong with the question.</param>
internal sealed record ErrorDocument(string Error);

/// <summary>Output of <c>edge-agent version --json</c>.</summary>
/// <param name="Version">Version of this executable.</param>
/// <param name="Runtime">.NET runtime it carries.</param>
/// <param name="OperatingSystem">What it runs on.</param>
/// <param name="Architecture">Processor architecture.</param>
internal sealed record VersionDocument(string Version, string Runtime, string OperatingSystem, string Architecture);
