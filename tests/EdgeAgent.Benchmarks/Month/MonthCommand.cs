using System.Diagnostics;
using System.Globalization;

namespace EdgeAgent.Benchmarks.Month;

/// <summary>Writes a month to a directory or to standard output, for a run by hand.</summary>
internal static class MonthCommand
{
    /// <summary><c>month CALLS DIRECTORY</c> writes configuration and policy to the directory and the capture to standard output.</summary>
    public static void Run(string[] arguments)
    {
        MonthTraffic month = new(int.Parse(arguments[1], CultureInfo.InvariantCulture));
        Directory.CreateDirectory(arguments[2]);
        string policy = Path.GetFullPath(Path.Combine(arguments[2], "policy.yaml"));
        File.WriteAllText(policy, MonthFiles.Policy(month));
        File.WriteAllText(Path.Combine(arguments[2], "agent.yaml"), MonthFiles.Configuration(policy));
        File.WriteAllLines(Path.Combine(arguments[2], "planted.txt"), month.Offences.Findings.Select(finding => finding.ToString()));
        Stopwatch clock = Stopwatch.StartNew();
        using BufferedStream output = new(Console.OpenStandardOutput(), 1_048_576);
        int calls = MonthFiles.WriteCapture(month, output);
        output.Flush();
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{calls} calls in {clock.Elapsed.TotalSeconds:F1} s"));
    }
}
