using System.Globalization;
using System.Security.Cryptography;

namespace EdgeAgent.Store;

/// <summary>Names of journals and of runs.</summary>
internal static class EpochName
{
    /// <summary>Creation time and 64 random bits, such as <c>20260504T081500Z-9f86d081884c7d65</c>.</summary>
    public static string Create(DateTimeOffset at) =>
        string.Create(CultureInfo.InvariantCulture, $"{at.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}-{RandomHex()}");

    /// <summary>64 random bits in hexadecimal.</summary>
    public static string RandomHex() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
}
