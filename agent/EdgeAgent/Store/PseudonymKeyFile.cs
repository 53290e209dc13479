using System.Security.Cryptography;

namespace EdgeAgent.Store;

/// <summary>The secret under which persons' numbers become pseudonyms: 32 random bytes, made on first start, never sent.</summary>
public static class PseudonymKeyFile
{
    /// <summary>Size of the key.</summary>
    public const int KeyBytes = 32;

    /// <summary>Name of the key inside the store directory.</summary>
    public const string FileName = "pseudonym.key";

    /// <summary>Reads the key, or makes it where the file does not exist (mode 0600, on disk before this returns).</summary>
    /// <exception cref="InvalidDataException">The file is no key: its length is wrong.</exception>
    public static byte[] LoadOrCreate(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (File.Exists(path))
        {
            return Load(path);
        }

        byte[] key = RandomNumberGenerator.GetBytes(KeyBytes);
        try
        {
            DurableFile.Write(path, key, overwrite: false);
            return key;
        }
        catch (IOException) when (File.Exists(path))
        {
            return Load(path); // another process made it first: both must use the same one
        }
    }

    private static byte[] Load(string path)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        if (stream.Length != KeyBytes)
        {
            throw new InvalidDataException($"{path} is no pseudonym key: {stream.Length} bytes instead of {KeyBytes}");
        }

        byte[] key = new byte[KeyBytes];
        stream.ReadExactly(key);
        return key;
    }
}
