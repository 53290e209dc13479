using EdgeAgent.Store;

namespace EdgeAgent.Guards;

/// <summary>The policy the client ordered. It lies beside the store and takes the place of the policy file as long as it is there.</summary>
internal static class OrderedPolicy
{
    /// <summary>Name of the file in the store directory: JSON, which is YAML too.</summary>
    public const string FileName = "ordered-policy.json";

    /// <summary>Where it lies; null when there is none.</summary>
    public static string? PathIn(string directory)
    {
        string path = Path.Combine(directory, FileName);
        return File.Exists(path) ? path : null;
    }

    /// <summary>Keeps a policy, on disk when this returns; null removes it.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public static void Keep(string directory, byte[]? text)
    {
        string path = Path.Combine(directory, FileName);
        if (text is not null)
        {
            DurableFile.Write(path, text, overwrite: true);
        }
        else if (File.Exists(path))
        {
            File.Delete(path);
            DurableFile.FlushDirectory(directory);
        }
    }
}
