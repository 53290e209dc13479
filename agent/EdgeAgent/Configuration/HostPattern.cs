using System.Net;
using System.Net.Sockets;

namespace EdgeAgent.Configuration;

/// <summary>One entry of a host list: an address, a network or a host name.</summary>
/// <param name="Network">The network; a single address is one of full length. Null for a host name.</param>
/// <param name="HostName">The name; null for a network.</param>
public readonly record struct HostPattern(IPNetwork? Network, string? HostName)
{
    /// <summary>Reads an entry as the administrator wrote it.</summary>
    /// <returns>False with the reason in <paramref name="fault"/>.</returns>
    public static bool TryParse(string text, out HostPattern pattern, out string fault)
    {
        pattern = default;
        fault = "is no address, CIDR or host name";
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (IPAddress.TryParse(slash < 0 ? text : text[..slash], out IPAddress? address) && IsWrittenInFull(text, address))
        {
            int full = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
            int length = full;
            if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), System.Globalization.NumberStyles.None, null, out length) || length > full))
            {
                return false;
            }

            IPAddress first = FirstOf(address, length);
            fault = $"has bits set past its length: write {first}/{length}, or the single address without a length";
            pattern = new HostPattern(new IPNetwork(first, length), null);
            return first.Equals(address);
        }

        bool isName = slash < 0 && IsHostName(text);
        pattern = new HostPattern(null, isName ? text : null);
        return isName;
    }

    /// <summary>True when an address can be in both.</summary>
    public bool Overlaps(HostPattern other)
    {
        if (Network is IPNetwork a && other.Network is IPNetwork b)
        {
            return a.Contains(b.BaseAddress) || b.Contains(a.BaseAddress);
        }

        return HostName is not null && string.Equals(HostName, other.HostName, StringComparison.OrdinalIgnoreCase);
    }

    // The framework also reads "10" and "10.20" as addresses; nobody means 0.0.0.10 by that.
    private static bool IsWrittenInFull(string text, IPAddress address) =>
        address.AddressFamily != AddressFamily.InterNetwork || text.Count(c => c == '.') == 3;

    private static IPAddress FirstOf(IPAddress address, int length)
    {
        byte[] bytes = address.GetAddressBytes();
        for (int i = 0; i < bytes.Length; i++)
        {
            int kept = Math.Clamp(length - (i * 8), 0, 8);
            bytes[i] &= (byte)(0xFF << (8 - kept));
        }

        return new IPAddress(bytes);
    }

    // RFC 1123 §2.1. A name whose last label is all digits is an address with a slip of the pen.
    private static bool IsHostName(string text)
    {
        string[] labels = text.TrimEnd('.').Split('.');
        return text.Length is > 0 and <= 253
            && labels.All(label => label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-'
                && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            && !labels[^1].All(char.IsAsciiDigit);
    }
}
