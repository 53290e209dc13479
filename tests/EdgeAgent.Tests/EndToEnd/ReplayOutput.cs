using System.Text.Json;
using Shouldly;

namespace EdgeAgent.Tests.EndToEnd;

/// <summary>Output of <c>edge-agent replay … --json --calls</c>, its invariants already checked.</summary>
internal sealed class ReplayOutput
{
    private ReplayOutput(JsonElement root, int exitCode, string error)
    {
        Root = root;
        ExitCode = exitCode;
        Error = error;
        Calls = [.. root.Member("calls").EnumerateArray().Select(ReplayCall.Parse)];
        foreach (JsonElement row in root.Member("numbers").EnumerateArray())
        {
            string number = row.Text("number").ShouldNotBeNull();
            Rows.ContainsKey(number).ShouldBeFalse($"{number} stands twice in numbers");
            Rows.Add(number, row);
            NumberSums sums = new();
            sums.Add(row);
            Sums.Add(number, sums);
        }
    }

    /// <summary>The whole document.</summary>
    public JsonElement Root { get; }

    /// <summary>Exit code of the command.</summary>
    public int ExitCode { get; }

    /// <summary>Standard error of the command.</summary>
    public string Error { get; }

    /// <summary>Totals over all numbers.</summary>
    public JsonElement Totals => Root.Member("totals");

    /// <summary>Every attempt.</summary>
    public IReadOnlyList<ReplayCall> Calls { get; private set; }

    /// <summary>Row of each number, as printed.</summary>
    public Dictionary<string, JsonElement> Rows { get; } = new(StringComparer.Ordinal);

    /// <summary>Comparable counts of each number.</summary>
    public Dictionary<string, NumberSums> Sums { get; } = new(StringComparer.Ordinal);

    /// <summary>Leaves out what one number did.</summary>
    public ReplayOutput Without(string number)
    {
        Calls = [.. Calls.Where(call => call.Number != number)];
        Rows.Remove(number);
        Sums.Remove(number);
        return this;
    }

    /// <summary>Replays captures that are sound.</summary>
    public static async Task<ReplayOutput> RunAsync(CancellationToken cancellationToken, params IEnumerable<string> arguments)
    {
        ReplayOutput output = await RunAnyAsync(cancellationToken, arguments);
        output.ExitCode.ShouldBe(0, output.Error);
        return output;
    }

    /// <summary>Replays whatever the arguments name; the exit code is the caller's to judge.</summary>
    public static async Task<ReplayOutput> RunAnyAsync(CancellationToken cancellationToken, params IEnumerable<string> arguments)
    {
        ProcessRun run = await AgentBinary.RunAsync(cancellationToken, ["replay", .. arguments, "--json", "--calls"]);
        run.Output.ShouldStartWith("{", Case.Sensitive, $"replay {string.Join(' ', arguments)}; exit {run.ExitCode}: {run.Error}");
        using JsonDocument document = JsonDocument.Parse(run.Output);
        ReplayOutput output = new(document.RootElement.Clone(), run.ExitCode, run.Error);
        ReplayInvariants.Check(output);
        return output;
    }
}
