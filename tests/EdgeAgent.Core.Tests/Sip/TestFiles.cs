using System.Text.Json;

namespace EdgeAgent.Core.Tests.Sip;

/// <summary>Where test data lies: in the repository, and in a corpus of third parties that only some machines have.</summary>
internal static class TestFiles
{
    /// <summary>Folder of our own torture messages.</summary>
    public static string Torture => Path.Combine(RepositoryRoot(), "tests", "torture");

    /// <summary>Folder of the numbered cases: captures and what each must count.</summary>
    public static string Cases => Path.Combine(RepositoryRoot(), "tests", "captures", "cases");

    /// <summary>A file of the corpus named by EDGEAGENT_CORPUS, null without one.</summary>
    public static string? Corpus(params string[] path)
    {
        string? root = Environment.GetEnvironmentVariable("EDGEAGENT_CORPUS");
        return string.IsNullOrEmpty(root) ? null : Path.Combine([root, .. path]);
    }

    /// <summary>Elements of a JSON array.</summary>
    public static JsonElement[] ReadArray(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        return [.. document.RootElement.Clone().EnumerateArray()];
    }

    private static string RepositoryRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "EdgeAgent.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("EdgeAgent.sln is above the tests");
    }
}
