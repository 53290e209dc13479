using System.Text.Json.Serialization;

namespace EdgeAgent.Telemetry;

/// <summary>Generated serialisation of what the control socket says: no reflection, so it survives trimming.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(StatusDocument))]
[JsonSerializable(typeof(NumbersDocument))]
[JsonSerializable(typeof(ErrorDocument))]
[JsonSerializable(typeof(VersionDocument))]
internal sealed partial class TelemetryJson : JsonSerializerContext;

/// <summary>Body of an answer that is no answer.</summary>
/// <param name="Error">What was wrong with the question.</param>
internal sealed record ErrorDocument(string Error);

/// <summary>Output of <c>edge-agent version --json</c>.</summary>
/// <param name="Version">Version of this executable.</param>
/// <param name="Runtime">.NET runtime it carries.</param>
/// <param name="OperatingSystem">What it runs on.</param>
/// <param name="Architecture">Processor architecture.</param>
internal sealed record VersionDocument(string Version, string Runtime, string OperatingSystem, string Architecture);
