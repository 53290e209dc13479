using System.Globalization;
using Shouldly;

namespace EdgeAgent.Tests.EndToEnd;

/// <summary>
/// sipp's own statistics files (<c>-trace_stat</c>): an opinion on the traffic that owes nothing to the logs of which truth.csv
/// is made. Where both disagree the rig is wrong and no comparison with the agent means anything.
/// </summary>
internal static class SippStatistics
{
    /// <summary>Fails unless every planned call was made, none failed, and the carrier saw what truth.csv says.</summary>
    public static void ShouldAgree(string directory)
    {
        IReadOnlyList<TrafficAttempt> truth = TrafficTruth.Read(Path.Combine(directory, "truth.csv"));
        int planned = File.ReadLines(Path.Combine(directory, "plan.csv")).Count();
        string[] callers = [.. Files(directory, "phone-*"), .. Files(directory, "callback-*")];
        callers.Sum(file => Last(file, "SuccessfulCall(C)")).ShouldBe(planned, "calls that ended as their scenario says");
        callers.Sum(file => Last(file, "FailedCall(C)")).ShouldBe(0, "calls that did not");

        foreach (string trunk in (string[])["carrier-a", "carrier-b"])
        {
            long incoming = Files(directory, $"{trunk}-*").Sum(file => Last(file, "IncomingCall(C)"));
            incoming.ShouldBe(truth.Count(attempt => !attempt.Inbound && attempt.Trunk == trunk), trunk);
        }
    }

    private static string[] Files(string directory, string pattern) =>
        Directory.GetFiles(Path.Combine(directory, "sipp"), $"{pattern}.stat.csv");

    private static long Last(string file, string column)
    {
        string[] lines = File.ReadAllLines(file);
        int index = Array.IndexOf(lines[0].Split(';'), column);
        index.ShouldBeGreaterThanOrEqualTo(0, $"{column} in {file}");
        return long.Parse(lines[^1].Split(';')[index], CultureInfo.InvariantCulture);
    }
}
