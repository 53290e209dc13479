using System.Text.Json;
using EdgeAgent.Core.Commands;
using EdgeAgent.Core.Evidence;
using EdgeAgent.Store;

namespace EdgeAgent.Forward;

/// <summary>
/// <c>anchor {epoch, seq, hash}</c>: the next record confirms what the collector has, with the command's nonce and time. An agent that finds
/// itself behind it, or with another history, begins a new epoch and reports the loss; that too is carried out.
/// </summary>
internal sealed class AnchorHandler(IJournal journal) : ICommandHandler
{
    private const int MaxEpochLength = 64;

    /// <inheritdoc/>
    public string Name => CommandNames.Anchor;

    /// <inheritdoc/>
    public async Task<CommandOutcome> HandleAsync(CommandEnvelope command, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        using JsonDocument arguments = CommandArguments.Open(command.Arguments);
        if (CommandArguments.Text(arguments, "epoch") is not { Length: > 0 and <= MaxEpochLength } epoch
            || CommandArguments.Number(arguments, "seq") is not (long seq and >= 1)
            || !RecordHash.TryParse(CommandArguments.Text(arguments, "hash"), out RecordHash hash))
        {
            return CommandOutcome.Failed("badAnchor");
        }

        AnchorOutcome outcome = await journal.AnchorAsync(
            new Anchor(command.Nonce, command.IssuedAt, epoch, seq, hash), cancellationToken).ConfigureAwait(false);
        string said = CamelCase.Of(outcome);
        return CommandOutcome.Done(writer => writer.WriteString("journal", said));
    }
}
