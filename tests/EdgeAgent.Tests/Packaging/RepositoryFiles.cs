namespace EdgeAgent.Tests.Packaging;

/// <summary>Files of the repository the tests stand in.</summary>
internal static class RepositoryFiles
{
    /// <summary>Top directory: the one that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    private static string FindRoot()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "EdgeAgent.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new InvalidOperationException("the tests do not stand inside the repository");
    }
}
