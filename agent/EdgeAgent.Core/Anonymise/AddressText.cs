using System.Buffers.Binary;
using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;
using EdgeAgent.Core.Packets;

namespace EdgeAgent.Core.Anonymise;

/// <summary>IP addresses in text: found, and written over with others of the same length.</summary>
internal static class AddressText
{
    private const int MaxIPv6Text = 45;
    private static readonly System.Buffers.SearchValues<byte> IPv6Bytes = System.Buffers.SearchValues.Create("0123456789abcdefABCDEF:."u8);

    /// <summary>Finds an address that begins at the first byte.</summary>
    /// <param name="text">Text from there on.</param>
    /// <param name="address">The address; IPv4 as IPv4-mapped.</param>
    /// <returns>Its length in bytes, 0 when none begins there.</returns>
    public static int Find(ReadOnlySpan<byte> text, out UInt128 address)
    {
        address = default;
        int run = text.IndexOfAnyExcept(IPv6Bytes);
        ReadOnlySpan<byte> candidate = run < 0 ? text : text[..run];
        if (run >= 0 && WordMask.IsWord(text[run]))
        {
            return 0;
        }

        return candidate.Count((byte)':') >= 2 ? FindIPv6(candidate, out address) : FindIPv4(text, out address);
    }

    /// <summary>Writes <paramref name="replacement"/> over an address, each part as wide as it was.</summary>
    public static void Write(Span<byte> text, UInt128 address, UInt128 replacement)
    {
        if (!text.Contains((byte)':'))
        {
            WriteIPv4(text, (uint)replacement);
            return;
        }

        Span<byte> groups = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(groups, replacement);
        bool isUpper = text.ContainsAnyInRange((byte)'A', (byte)'F');
        int compressed = text.IndexOf("::"u8);
        int end = text.Length;
        int group = 7;
        if (text.Contains((byte)'.'))
        {
            int tail = text.LastIndexOf((byte)':') + 1;
            WriteIPv4(text[tail..], (uint)replacement);
            end = tail - 1;
            group = 5;
        }

        // From the right to the "::", then from the left to it.
        while (end > 0 && (compressed < 0 || end > compressed + 1))
        {
            int start = text[..end].LastIndexOf((byte)':') + 1;
            WriteGroup(text[start..end], BinaryPrimitives.ReadUInt16BigEndian(groups[(2 * group)..]), isUpper);
            group--;
            end = start - 1;
        }

        int position = 0;
        for (group = 0; position < compressed; group++)
        {
            int next = position + text[position..].IndexOf((byte)':');
            WriteGroup(text[position..next], BinaryPrimitives.ReadUInt16BigEndian(groups[(2 * group)..]), isUpper);
            position = next + 1;
        }
    }

    private static int FindIPv6(ReadOnlySpan<byte> candidate, out UInt128 address)
    {
        address = default;
        if (candidate.Length > MaxIPv6Text
            || !IPAddress.TryParse(Encoding.ASCII.GetString(candidate), out IPAddress? parsed)
            || parsed.AddressFamily != AddressFamily.InterNetworkV6
            || (candidate.Contains((byte)'.') && !parsed.IsIPv4MappedToIPv6)) // its last groups could not be written in decimals
        {
            return 0;
        }

        address = IpEndpoint.From(parsed, 0).Address;
        return candidate.Length;
    }

    private static int FindIPv4(ReadOnlySpan<byte> text, out UInt128 address)
    {
        address = default;
        uint value = 0;
        int position = 0;
        for (int octet = 0; octet < 4; octet++)
        {
            if (octet > 0)
            {
                if (position >= text.Length || text[position] != (byte)'.')
                {
                    return 0;
                }

                position++;
            }

            if (!Utf8Parser.TryParse(text[position..], out byte part, out int width)
                || width > 3 || text[position] == (byte)'+' || (width > 1 && text[position] == (byte)'0'))
            {
                return 0;
            }

            value = (value << 8) | part;
            position += width;
        }

        bool goesOn = position < text.Length && (WordMask.IsWord(text[position])
            || (text[position] is (byte)'.' or (byte)'-' && position + 1 < text.Length && WordMask.IsWord(text[position + 1])));
        address = IpEndpoint.FromIPv4(value, 0).Address;
        return goesOn ? 0 : position;
    }

    private static void WriteIPv4(Span<byte> text, uint value)
    {
        for (int shift = 24; shift >= 0; shift -= 8)
        {
            Utf8Formatter.TryFormat((byte)(value >> shift), text, out int width);
            text = shift == 0 ? text : text[(width + 1)..];
        }
    }

    private static void WriteGroup(Span<byte> text, int value, bool isUpper)
    {
        for (int i = text.Length - 1; i >= 0; i--, value >>= 4)
        {
            int digit = value & 0xF;
            text[i] = (byte)(digit < 10 ? '0' + digit : (isUpper ? 'A' : 'a') + digit - 10);
        }
    }
}
