namespace EdgeAgent.Store;

/// <summary>Keeps a second agent out: the database itself would let it in and both would destroy it. The kernel frees it when we die.</summary>
internal sealed class StoreLock : IDisposable
{
    private const string FileName = "lock";

    private readonly FileStream _stream;

    private StoreLock(FileStream stream) => _stream = stream;

    /// <summary>Takes the lock of <paramref name="directory"/>.</summary>
    /// <exception cref="StoreUnavailableException">Another process holds it, or the directory cannot be written.</exception>
    public static StoreLock Take(string directory)
    {
        try
        {
            return new StoreLock(new FileStream(
                Path.Combine(directory, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException fault)
        {
            throw new StoreUnavailableException($"store {directory} cannot be written: {fault.Message}", fault);
        }
        catch (IOException fault)
        {
            throw new StoreUnavailableException($"another edge-agent uses the store {directory}", fault);
        }
    }

    /// <summary>Takes the lock of a directory that has one; null where no agent ever ran, such as a copy.</summary>
    /// <exception cref="StoreUnavailableException">A running agent holds it.</exception>
    public static StoreLock? TakeExisting(string directory)
    {
        string path = Path.Combine(directory, FileName);
        try
        {
            return File.Exists(path) ? new StoreLock(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None)) : null;
        }
        catch (UnauthorizedAccessException fault)
        {
            throw new StoreUnavailableException($"store {directory} cannot be read: {fault.Message}", fault);
        }
        catch (IOException fault)
        {
            throw new StoreUnavailableException(
                $"a running edge-agent uses the store {directory}: stop it, or read with \"edge-agent export\", which asks it", fault);
        }
    }

    public void Dispose() => _stream.Dispose();
}
