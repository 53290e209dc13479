using System.Buffers.Binary;
using System.Security.Cryptography;
using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Store;

/// <summary>The secret under which persons' numbers become pseudonyms: 32 random bytes, made on first start, never sent.</summary>
public static class PseudonymKeyFile
{
    /// <summary>Size of the key.</summary>
    public const int KeyBytes = 32;

    /// <summary>Name of the key inside the store directory.</summary>
    public const string FileName = "pseudonym.key";

    /// <summary>Name of the key before it: the time it was changed, in milliseconds since the Unix epoch (8 bytes, little-endian), and the key.</summary>
    public const string FormerFileName = "pseudonym.former.key";

    /// <summary>Shortest life of a key: as long as the longest thing remembered of a person that ends by itself, a consent.</summary>
    public static readonly TimeSpan ShortestLife = TimeSpan.FromDays(365);

    /// <summary>The keys in a store directory as a maker of pseudonyms: the present one, made where there is none, and the one before it.</summary>
    /// <exception cref="InvalidDataException">A file is no key.</exception>
    public static PersonPseudonymiser Open(string directory, string clientId)
    {
        byte[] key = LoadOrCreate(Path.Combine(directory, FileName));
        byte[]? former = LoadFormer(directory)?.Key;
        bool isSame = former is not null && former.AsSpan().SequenceEqual(key); // the change was cut short: nothing has changed
        return new PersonPseudonymiser(key, clientId)
        {
            Former = former is null || isSame ? null : new PersonPseudonymiser(former, clientId),
        };
    }

    /// <summary>
    /// Makes a new key and keeps the present one as the former: what was remembered of persons is found under both. On disk when this returns.
    /// The store must not be in use.
    /// </summary>
    /// <exception cref="InvalidOperationException">The present key is too young: what is remembered under the one before it would be lost.</exception>
    public static void Change(string directory, DateTimeOffset now)
    {
        byte[] key = LoadOrCreate(Path.Combine(directory, FileName));
        if (LoadFormer(directory) is { } former && !former.Key.AsSpan().SequenceEqual(key) && now - former.ChangedAt < ShortestLife)
        {
            throw new InvalidOperationException(string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"the key was changed on {former.ChangedAt:yyyy-MM-dd}; it can be changed again on {former.ChangedAt + ShortestLife:yyyy-MM-dd}, when nothing is remembered any more under the one before it"));
        }

        byte[] kept = new byte[sizeof(long) + KeyBytes];
        BinaryPrimitives.WriteInt64LittleEndian(kept, now.ToUnixTimeMilliseconds());
        key.CopyTo(kept.AsSpan(sizeof(long)));
        DurableFile.Write(Path.Combine(directory, FormerFileName), kept, overwrite: true);
        DurableFile.Write(Path.Combine(directory, FileName), RandomNumberGenerator.GetBytes(KeyBytes), overwrite: true);
    }

    private static (DateTimeOffset ChangedAt, byte[] Key)? LoadFormer(string directory)
    {
        string path = Path.Combine(directory, FormerFileName);
        if (!File.Exists(path))
        {
            return null;
        }

        byte[] kept = File.ReadAllBytes(path);
        return kept.Length == sizeof(long) + KeyBytes
            ? (DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64LittleEndian(kept)), kept[sizeof(long)..])
            : throw new InvalidDataException($"{path} is no former pseudonym key: {kept.Length} bytes instead of {sizeof(long) + KeyBytes}");
    }

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
