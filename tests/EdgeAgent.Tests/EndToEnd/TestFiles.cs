namespace EdgeAgent.Tests.EndToEnd;

/// <summary>Where the repository's own test data stands, and the larger set that some machines have beside it.</summary>
internal static class TestFiles
{
    /// <summary>Names the directory of other people's captures; they are tested where present and never committed.</summary>
    public const string CorpusVariable = "EDGEAGENT_CORPUS";

    /// <summary>Root of the repository: the directory of <c>EdgeAgent.sln</c>.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>Captures that are ours and committed.</summary>
    public static string Captures => Path.Combine(Repository, "tests", "captures");

    /// <summary>The corpus, null where this machine has none.</summary>
    public static string? Corpus
    {
        get
        {
            string? path = Environment.GetEnvironmentVariable(CorpusVariable);
            if (string.IsNullOrEmpty(path))
            {
                return null;
            }

            string full = Path.GetFullPath(path, Repository);
            return Directory.Exists(full) ? full : null;
        }
    }

    private static string FindRepository()
    {
        string? directory = AppContext.BaseDirectory;
        while (directory is not null && !File.Exists(Path.Combine(directory, "EdgeAgent.sln")))
        {
            directory = Path.GetDirectoryName(directory);
        }

        return directory ?? throw new DirectoryNotFoundException("EdgeAgent.sln is in no directory above the tests.");
    }
}
