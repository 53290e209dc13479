using EdgeAgent.Configuration;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using EdgeAgent.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Tests.Store;

/// <summary>This test program started once more as a process that writes batches until it is killed.</summary>
internal static class StoreChild
{
    private const string DirectoryVariable = "EDGEAGENT_TEST_STORE_CHILD";
    private const string StateVariable = "EDGEAGENT_TEST_STATE_BYTES";

    /// <summary>Starts a child that writes to <paramref name="directory"/>; each output line is a mark that is on disk.</summary>
    /// <param name="directory">Its store.</param>
    /// <param name="shellPrelude">Shell commands that set limits before it starts.</param>
    public static Process Start(string directory, string shellPrelude = "") =>
        Start(directory, "/bin/bash", ["-c", $"{shellPrelude} exec dotnet \"$0\"", Program]);

    /// <summary>
    /// The same in a mount namespace of its own, in which a disk of memory lies over <paramref name="directory"/>; where
    /// <paramref name="stateBytes"/> are given it writes nothing but states of that size, of which none is like the one before.
    /// </summary>
    public static Process StartOnDiskOf(int megabytes, string directory, int stateBytes = 0)
    {
        string rights = Environment.IsPrivilegedProcess ? "-m" : "-rm"; // who may not mount may in a user namespace of his own
        return Start(directory, "unshare", [
            rights, "/bin/bash", "-c", $"mount -t tmpfs -o size={megabytes}m store '{directory}' && export {StateVariable}={stateBytes} && exec dotnet \"$0\"", Program]);
    }

    private static string Program => typeof(StoreChild).Assembly.Location;

    private static Process Start(string directory, string program, IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        start.Environment[DirectoryVariable] = directory;
        return Process.Start(start)!;
    }

    [ModuleInitializer]
    internal static void RunWhenAsked()
    {
        if (Environment.GetEnvironmentVariable(DirectoryVariable) is string directory)
        {
            if (int.Parse(Environment.GetEnvironmentVariable(StateVariable) ?? "0", CultureInfo.InvariantCulture) is var bytes and > 0)
            {
                WriteStates(directory, bytes);
            }

            Write(directory);
            Environment.Exit(0);
        }
    }

    private static void WriteStates(string directory, int bytes)
    {
        StateLog states = new(directory);
        for (int mark = 1; ; mark++)
        {
            states.Append(new AgentSnapshot(Samples.Morning.AddSeconds(mark), State(mark, bytes)), mark);
            states.Adopt();
            Console.WriteLine(mark);
        }
    }

    /// <summary>The state of a mark, as the child that writes states makes it.</summary>
    public static byte[] State(int mark, int bytes)
    {
        byte[] state = new byte[bytes];
        new Random(mark).NextBytes(state);
        return state;
    }

    private static void Write(string directory)
    {
        JournalStore store = JournalStore.Open(
            new StoreOptions { Directory = directory }, "agent-1", TimeProvider.System, NullLogger<JournalStore>.Instance);
        RestoredState restored = store.RestoreAsync(CancellationToken.None).GetAwaiter().GetResult();
        long mark = restored.Snapshot is null ? 0 : long.Parse(System.Text.Encoding.ASCII.GetString(restored.Snapshot.State.Span)[6..]);
        while (true)
        {
            mark++;
            DateTimeOffset start = Samples.Morning.AddMinutes(mark % 60);
            store.Submit(new JournalBatch(
                [Samples.Minute(start, (Samples.Number(mark % 50), 3), (Samples.Number(77), 1))],
                [Samples.Alert(start)],
                Samples.Snapshot(mark)));
            Task flush = store.FlushAsync(CancellationToken.None);
            while (!flush.IsCompleted)
            {
                if (store.Status.Fault is string fault)
                {
                    Console.WriteLine($"fault {fault}");
                    flush.GetAwaiter().GetResult();
                }

                Thread.Yield();
            }

            flush.GetAwaiter().GetResult();
            Console.WriteLine(mark);
        }
    }
}
