using System.Text;
using System.Text.Json;
using EdgeAgent.Configuration;
using EdgeAgent.Core.Commands;
using EdgeAgent.Guards;
using EdgeAgent.Telemetry;

namespace EdgeAgent.Forward;

/// <summary>
/// <c>policy {policy}</c>: guards go by the client's policy from here on, whatever the file of the host says; <c>null</c> gives it back to the
/// file. A faulty one changes nothing.
/// </summary>
/// <param name="reloader">Puts it in force.</param>
/// <param name="directory">Where it is kept.</param>
internal sealed class PolicyHandler(Func<IConfigurationReloader> reloader, string directory) : ICommandHandler
{
    private const int MaxFaultsTold = 20;

    /// <inheritdoc/>
    public string Name => CommandNames.Policy;

    /// <inheritdoc/>
    public async Task<CommandOutcome> HandleAsync(CommandEnvelope command, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        using JsonDocument arguments = CommandArguments.Open(command.Arguments);
        if (!arguments.RootElement.TryGetProperty("policy", out JsonElement policy) || policy.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
        {
            return CommandOutcome.Failed("badPolicy");
        }

        string? text = policy.ValueKind == JsonValueKind.Null ? null : policy.GetRawText();
        if (text is not null)
        {
            IReadOnlyList<ConfigurationFault> faults = PolicyLoader.Read(text).Faults;
            if (faults.Count > 0)
            {
                return CommandOutcome.Failed("badPolicy", writer => WriteFaults(writer, faults));
            }
        }

        OrderedPolicy.Keep(directory, text is null ? null : Encoding.UTF8.GetBytes(text));
        int refused = await reloader().ReloadAsync(cancellationToken).ConfigureAwait(false);
        return refused == 0
            ? CommandOutcome.Done()
            : CommandOutcome.Failed("configuration", writer => writer.WriteNumber("faults", refused)); // kept, and in force once the file of the host is mended
    }

    private static void WriteFaults(Utf8JsonWriter writer, IReadOnlyList<ConfigurationFault> faults)
    {
        writer.WriteNumber("faults", faults.Count);
        writer.WriteStartArray("told");
        foreach (ConfigurationFault fault in faults.Take(MaxFaultsTold))
        {
            writer.WriteStringValue(fault.ToString());
        }

        writer.WriteEndArray();
    }
}
