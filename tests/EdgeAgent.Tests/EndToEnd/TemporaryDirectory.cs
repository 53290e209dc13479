namespace EdgeAgent.Tests.EndToEnd;

/// <summary>
/// A directory that goes away with the test. Its path is short: Unix sockets inside have at most 107 bytes. A failed test can
/// keep it by <see cref="Keep"/>, and <c>EDGEAGENT_KEEP=1</c> keeps all, so that there is something to look at.
/// </summary>
internal sealed class TemporaryDirectory : IDisposable
{
    private bool _kept = Environment.GetEnvironmentVariable("EDGEAGENT_KEEP") == "1";

    /// <summary>Absolute path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("ea-").FullName;

    /// <summary>Path of a file inside.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Leaves the directory where it is.</summary>
    public void Keep() => _kept = true;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_kept)
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
