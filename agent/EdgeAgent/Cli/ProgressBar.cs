using EdgeAgent.Capture;
using Spectre.Console;

namespace EdgeAgent.Cli;

/// <summary>A progress bar on standard error for long captures, when a terminal is there to see it.</summary>
internal static class ProgressBar
{
    /// <summary>Shorter captures are read before a bar could be seen.</summary>
    private const long LeastBytes = 64 * 1_048_576;

    /// <summary>Runs <paramref name="work"/>, which tells of every read.</summary>
    public static Task<T> RunAsync<T>(CaptureSet captures, Func<Action<int>?, Task<T>> work) => RunAsync(
        captures.Files.Count == 1 ? "Reading" : $"Reading {captures.Files.Count} files",
        captures.Files.Any(file => file.SizeBytes is null) ? null : captures.Files.Sum(file => file.SizeBytes),
        work);

    /// <summary>Runs <paramref name="work"/>, which tells of every read of so many bytes; null where nobody knows how many.</summary>
    public static async Task<T> RunAsync<T>(string task, long? totalBytes, Func<Action<int>?, Task<T>> work)
    {
        if (Console.IsErrorRedirected || totalBytes is not >= LeastBytes)
        {
            return await work(null).ConfigureAwait(false);
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context =>
            {
                ProgressTask progress = context.AddTask(task, maxValue: totalBytes.Value);
                return work(bytes => progress.Increment(bytes));
            }).ConfigureAwait(false);
    }
}
