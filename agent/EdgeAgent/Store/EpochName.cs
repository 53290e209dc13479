using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace EdgeAgent.Store;

/// <summary>
/// The name of a journal, and its copy outside the database: an empty or missing database opens as a new one without error, so only
/// this copy shows that there was something before.
/// </summary>
internal static class EpochName
{
    private const string FileName = "epoch";

    private const int MaxBytes = 256;

    /// <summary>Creation time and 64 random bits, such as <c>20260504T081500Z-9f86d081884c7d65</c>.</summary>
    public static string Create(DateTimeOffset at) =>
        string.Create(CultureInfo.InvariantCulture, $"{at.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}-{RandomHex()}");

    /// <summary>64 random bits in hexadecimal.</summary>
    public static string RandomHex() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    /// <summary>The copy in <paramref name="directory"/>, null where there is none.</summary>
    public static string? Read(string directory)
    {
        string path = Path.Combine(directory, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        byte[] content = new byte[Math.Min(stream.Length, MaxBytes)];
        stream.ReadExactly(content);
        string text = Encoding.ASCII.GetString(content).Trim();
        return text.Length == 0 ? null : text;
    }

    /// <summary>Writes the copy; on disk when this returns.</summary>
    public static void Write(string directory, string epoch) =>
        DurableFile.Write(Path.Combine(directory, FileName), Encoding.ASCII.GetBytes(epoch + "\n"), overwrite: true);
}
