using System.Globalization;
using System.Net.NetworkInformation;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using EdgeAgent.Configuration;

namespace EdgeAgent.Cli;

/// <summary>What the agent needs of the host it runs on.</summary>
internal static class HostChecks
{
    /// <summary>Names under which the runtime looks for OpenSSL, newest first.</summary>
    private static readonly string[] OpenSslNames = ["libssl.so.4", "libssl.so.3", "libssl.so.1.1", "libssl.so.1.0.0", "libssl.so.10"];

    /// <summary>Says that OpenSSL is missing; null when it is there.</summary>
    public static string? MissingCryptography()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        foreach (string name in OpenSslNames)
        {
            if (NativeLibrary.TryLoad(name, out nint _))
            {
                return null;
            }
        }

        return "OpenSSL is missing: records are signed and TLS is spoken with it (Debian: libssl3 or libssl3t64)";
    }

    /// <summary>Signs and verifies with a key made for this purpose; says what failed, null when nothing did.</summary>
    public static string? SignOnce()
    {
        try
        {
            using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            byte[] text = "edge-agent"u8.ToArray();
            byte[] signature = key.SignData(text, HashAlgorithmName.SHA256);
            bool isGood = key.VerifyData(text, signature, HashAlgorithmName.SHA256);
            text[0] ^= 1;
            return isGood && !key.VerifyData(text, signature, HashAlgorithmName.SHA256)
                ? null
                : "a signature made by OpenSSL does not verify: records cannot be signed on this host";
        }
        catch (CryptographicException fault)
        {
            return $"OpenSSL cannot sign with ECDSA P-256 on this host: {fault.Message}";
        }
    }

    /// <summary>
    /// Says that files may not become as large as the store is allowed to be; null when they may. To .NET that refusal is no error of input
    /// or output, and LiteDB, which only expects those, never comes back from it.
    /// </summary>
    public static ConfigurationFault? FileSizeLimit(StoreOptions store) =>
        FileSizeLimit() is { } limit && limit < store.QuotaBytes
            ? new ConfigurationFault(
                "store.quotaBytes",
                string.Create(CultureInfo.InvariantCulture, $"is {store.QuotaBytes} bytes, and this process may write files of {limit} bytes only: raise the limit (ulimit -f, LimitFSIZE=)"))
            : null;

    /// <summary>The process's soft limit in bytes; null where there is none.</summary>
    private static long? FileSizeLimit()
    {
        const string Limits = "/proc/self/limits";
        const string Name = "Max file size";
        string? line = File.Exists(Limits) ? File.ReadLines(Limits).FirstOrDefault(each => each.StartsWith(Name, StringComparison.Ordinal)) : null;
        string? soft = line?[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return long.TryParse(soft, CultureInfo.InvariantCulture, out long limit) ? limit : null;
    }

    /// <summary>Loads libpcap and looks for the configured interfaces.</summary>
    /// <param name="sources">What is configured.</param>
    /// <param name="version">What libpcap says it is; null when it cannot be loaded.</param>
    public static IReadOnlyList<ConfigurationFault> Capture(SourcesOptions sources, out string? version)
    {
        version = null;
        try
        {
            version = SharpPcap.Pcap.Version;
        }
        catch (Exception fault) when (fault is DllNotFoundException or EntryPointNotFoundException or TypeInitializationException)
        {
            return [new ConfigurationFault("sources.live", "libpcap cannot be loaded (Debian: libpcap0.8 or libpcap0.8t64)")];
        }

        string[] existing = [.. NetworkInterface.GetAllNetworkInterfaces().Select(i => i.Name)];
        return
        [
            .. sources.Live.Index().Where(live => live.Item.Interface != "any" && !existing.Contains(live.Item.Interface))
                .Select(live => new ConfigurationFault(
                    $"sources.live[{live.Index}].interface",
                    $"\"{live.Item.Interface}\" does not exist now; there are {string.Join(", ", existing)}",
                    null,
                    FaultSeverity.Warning)),
        ];
    }
}
