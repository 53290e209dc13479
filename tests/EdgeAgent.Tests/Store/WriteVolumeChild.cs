using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using EdgeAgent.Configuration;
using EdgeAgent.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Tests.Store;

/// <summary>
/// This test program started once more as a process that runs a <see cref="BusyCentre"/> at the pace of the disk and prints, after each
/// minute of its clock, the bytes it has handed to the system and those that went to the block device.
/// </summary>
internal static class WriteVolumeChild
{
    private const string Variable = "EDGEAGENT_TEST_WRITE_VOLUME";

    /// <summary>Runs it to its end; gives each minute's bytes.</summary>
    public static async Task<IReadOnlyList<(long Handed, long Device)>> RunAsync(
        string directory, int callsPerSecond, int numbers, int minutes, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new("dotnet", [typeof(WriteVolumeChild).Assembly.Location]) { RedirectStandardOutput = true };
        start.Environment[Variable] = string.Create(CultureInfo.InvariantCulture, $"{callsPerSecond} {numbers} {minutes} {directory}");
        using Process child = Process.Start(start)!;
        List<(long, long)> totals = [];
        while (await child.StandardOutput.ReadLineAsync(cancellationToken) is string line)
        {
            long[] counts = [.. line.Split(' ').Select(count => long.Parse(count, CultureInfo.InvariantCulture))];
            totals.Add((counts[0], counts[1]));
        }

        await child.WaitForExitAsync(cancellationToken);
        return [.. totals.Zip(totals.Skip(1), ((long Handed, long Device) before, (long Handed, long Device) after) =>
            (after.Handed - before.Handed, after.Device - before.Device))];
    }

    [ModuleInitializer]
    internal static void RunWhenAsked()
    {
        if (Environment.GetEnvironmentVariable(Variable) is string wanted)
        {
            string[] words = wanted.Split(' ', 4);
            int[] counts = [.. words[..3].Select(word => int.Parse(word, CultureInfo.InvariantCulture))];
            Run(words[3], counts[0], counts[1], counts[2]);
            Environment.Exit(0);
        }
    }

    private static void Run(string directory, int callsPerSecond, int numbers, int minutes)
    {
        StoreOptions options = new() { Directory = directory };
        JournalStore store = JournalStore.Open(options, "agent-1", new ManualTime(Samples.Morning), NullLogger<JournalStore>.Instance);
        BusyCentre centre = new(store, callsPerSecond, numbers, options);
        for (int second = 0; second <= minutes * 60; second++)
        {
            if (second % 60 == 0)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Io("wchar")} {Io("write_bytes")}"));
            }

            centre.Run();
            store.FlushAsync(CancellationToken.None).GetAwaiter().GetResult(); // each batch a transaction of its own, as in real time
        }

        store.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private static long Io(string name) => long.Parse(
        File.ReadLines("/proc/self/io").Single(line => line.StartsWith(name + ":", StringComparison.Ordinal))[(name.Length + 1)..],
        CultureInfo.InvariantCulture);
}
