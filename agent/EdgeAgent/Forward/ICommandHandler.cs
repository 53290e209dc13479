using System.Text.Json;
using EdgeAgent.Core.Commands;

namespace EdgeAgent.Forward;

/// <summary>
/// Carries out one command. It may look at what the agent has and change how it judges calls; it must neither run anything on the host nor
/// make the agent send what it would not send otherwise. A command without a handler is answered <c>unsupported</c>.
/// </summary>
public interface ICommandHandler
{
    /// <summary>One of <see cref="CommandNames"/>.</summary>
    string Name { get; }

    /// <summary>
    /// Carries it out. Signature, addressee, validity and nonce are checked; the arguments are not. One command at a time, on any thread.
    /// </summary>
    Task<CommandOutcome> HandleAsync(CommandEnvelope command, CancellationToken cancellationToken);
}

/// <summary>What became of a command.</summary>
/// <param name="Cause">Why it was not carried out, one word in camelCase; null when it was.</param>
/// <param name="WriteResult">Writes the members of <c>result</c>; null when there are none. Never anything that names a person.</param>
public readonly record struct CommandOutcome(string? Cause, Action<Utf8JsonWriter>? WriteResult)
{
    /// <summary>It was carried out.</summary>
    public static CommandOutcome Done(Action<Utf8JsonWriter>? writeResult = null) => new(null, writeResult);

    /// <summary>It was not.</summary>
    public static CommandOutcome Failed(string cause, Action<Utf8JsonWriter>? writeResult = null) => new(cause, writeResult);
}
