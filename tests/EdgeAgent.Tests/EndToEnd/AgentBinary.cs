namespace EdgeAgent.Tests.EndToEnd;

/// <summary>The executable under test.</summary>
internal static class AgentBinary
{
    /// <summary>Names the executable; the NativeAOT binary in the full run.</summary>
    public const string Variable = "EDGEAGENT_BINARY";

    /// <summary>The named executable, else the one built beside the tests.</summary>
    public static string Path { get; } = Find();

    /// <summary>Runs one command of the agent to its end.</summary>
    public static Task<ProcessRun> RunAsync(CancellationToken cancellationToken, params IEnumerable<string> arguments) =>
        ProcessRun.RunAsync(Path, arguments, TimeSpan.FromMinutes(2), cancellationToken);

    private static string Find()
    {
        string? named = Environment.GetEnvironmentVariable(Variable);
        string path = string.IsNullOrEmpty(named)
            ? System.IO.Path.Combine(AppContext.BaseDirectory, "edge-agent")
            : System.IO.Path.GetFullPath(named, TestFiles.Repository);
        return File.Exists(path) ? path : throw new FileNotFoundException($"{Variable} names no file.", path);
    }
}
