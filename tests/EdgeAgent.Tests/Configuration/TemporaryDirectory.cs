namespace EdgeAgent.Tests.Configuration;

/// <summary>A directory of its own for one test, gone afterwards. Short enough for the path of a Unix socket.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("ea-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
