using System.Buffers;
using System.CommandLine;
using EdgeAgent.Configuration;
using EdgeAgent.Store;
using EdgeAgent.Telemetry;

namespace EdgeAgent.Cli;

/// <summary>Records for a command, from wherever they can be had.</summary>
internal static class JournalLines
{
    /// <summary>Store directory.</summary>
    public static Option<string> Store() => new("--store")
    {
        Description = "Store directory to read when no agent is running",
        HelpName = "PATH",
        DefaultValueFactory = _ => new StoreOptions().Directory,
    };

    /// <summary>Gives the exact bytes of each record, from the running agent, or from the store where none is running.</summary>
    /// <returns>True when they came from a running agent.</returns>
    /// <exception cref="CommandException">No agent answers, and there is no journal at <paramref name="store"/> (exit 3); or it refuses (exit 69).</exception>
    public static async Task<bool> ReadAsync(
        string socket, string store, RecordRange range, Action<ReadOnlySequence<byte>> onLine, CancellationToken cancellationToken)
    {
        using ControlClient client = new(socket);
        try
        {
            return await client.ReadLinesAsync($"v1/records?{range.Query()}", onLine, cancellationToken).ConfigureAwait(false);
        }
        catch (CommandException fault) when (fault.ExitCode == ExitCode.NotRunning && File.Exists(Path.Combine(store, JournalOpening.FileName)))
        {
            using JournalReader journal = JournalReader.Open(store);
            foreach (JournalRecord record in journal.Records(range.From, range.To).Where(record => range.Contains(record)))
            {
                onLine(new ReadOnlySequence<byte>(record.Payload));
            }

            return false;
        }
    }
}
