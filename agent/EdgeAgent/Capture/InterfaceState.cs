using System.Globalization;

namespace EdgeAgent.Capture;

/// <summary>
/// Asks the kernel whether an interface is switched on: libpcap goes on waiting, without a word, on one that was switched off.
/// </summary>
internal static class InterfaceState
{
    private const string Root = "/sys/class/net";
    private const int Up = 1; // IFF_UP of linux/if.h

    /// <summary>True when the interface exists and is switched off. False where nothing is known: <c>any</c>, or no sysfs.</summary>
    public static bool IsDown(string name)
    {
        try
        {
            string flags = File.ReadAllText(Path.Combine(Root, name, "flags")).AsSpan().Trim().ToString();
            return flags.StartsWith("0x", StringComparison.Ordinal)
                && int.TryParse(flags.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int bits)
                && (bits & Up) == 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
