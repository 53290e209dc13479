using System.Text.Json;
using EdgeAgent.Core.Commands;
using EdgeAgent.Store;

namespace EdgeAgent.Forward;

/// <summary>
/// <c>replay {from, to, epoch}</c>: sends records again, as far as they are still here. Without <c>epoch</c> the present one is meant. The
/// reply tells what will be sent; the records themselves follow, not faster than <c>commands.replayPerSecond</c>.
/// </summary>
internal sealed class ReplayHandler(IJournal journal, ReplayQueue queue) : ICommandHandler
{
    /// <inheritdoc/>
    public string Name => CommandNames.Replay;

    /// <inheritdoc/>
    public Task<CommandOutcome> HandleAsync(CommandEnvelope command, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        using JsonDocument arguments = CommandArguments.Open(command.Arguments);
        StoreStatus status = journal.Status;
        if (CommandArguments.Number(arguments, "from") is not (long from and >= 1)
            || CommandArguments.Number(arguments, "to") is not long to || to < from)
        {
            return Task.FromResult(CommandOutcome.Failed("badRange"));
        }

        string epoch = CommandArguments.Text(arguments, "epoch") ?? status.Epoch;
        long first = Math.Max(from, status.OldestSeq);
        long last = Math.Min(to, status.LastSeq);
        void WriteResult(Utf8JsonWriter writer)
        {
            writer.WriteString("epoch", status.Epoch);
            writer.WriteNumber("oldest", status.OldestSeq);
            writer.WriteNumber("last", status.LastSeq);
            writer.WriteNumber("from", first);
            writer.WriteNumber("to", last);
        }

        return Task.FromResult(
            epoch != status.Epoch ? CommandOutcome.Failed("otherEpoch", WriteResult)
            : last < first ? CommandOutcome.Failed("noLongerHere", WriteResult)
            : !queue.TryAdd(new ReplayRange(epoch, first, last)) ? CommandOutcome.Failed("tooMany", WriteResult)
            : CommandOutcome.Done(WriteResult));
    }
}
