using System.Buffers.Binary;
using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Packets;

namespace EdgeAgent.Core.Anonymise;

/// <summary>
/// Replaces IP addresses so that their text keeps its length and networks stay networks: an octet becomes one with as many digits, chosen
/// by the octets before it; in IPv6 the same with groups of 16 bits. Unspecified, loopback, link-local, multicast and broadcast stay.
/// </summary>
internal sealed class AddressMap(KeyedStream stream, FormPreserving form)
{
    private const int FirstUnicast1 = 1;
    private const int FirstUnicast2 = 10;
    private const int FirstUnicast3 = 100;
    private const int Loopback = 127;
    private const int FirstMulticast = 224;
    private readonly HashSet<int> _firstOctets = [];
    private readonly HashSet<UInt128> _seen = [];
    private readonly Dictionary<uint, int[]> _tables = [];
    private readonly Dictionary<UInt128, UInt128> _known = [];
    private Dictionary<int, int>? _first;

    /// <summary>Distinct addresses learnt.</summary>
    public int Count => _seen.Count;

    /// <summary>Addresses learnt.</summary>
    public IReadOnlyCollection<UInt128> Seen => _seen;

    /// <summary>Notes an address, before any is replaced.</summary>
    public void Learn(UInt128 address)
    {
        if (_seen.Add(address) && IsIPv4(address) && IsReplaced((uint)address))
        {
            _firstOctets.Add((int)((uint)address >> 24));
        }
    }

    /// <summary>The address that stands for <paramref name="address"/>.</summary>
    public UInt128 Of(UInt128 address)
    {
        if (!_known.TryGetValue(address, out UInt128 replacement))
        {
            replacement = IsIPv4(address)
                ? IpEndpoint.FromIPv4(OfIPv4((uint)address), 0).Address
                : OfIPv6(address);
            _known.Add(address, replacement);
        }

        return replacement;
    }

    /// <summary>The endpoint with its address replaced; ports tell nothing of anybody.</summary>
    public IpEndpoint Of(IpEndpoint endpoint) => endpoint with { Address = Of(endpoint.Address) };

    private static bool IsIPv4(UInt128 address) => new IpEndpoint(address, 0).IsIPv4;

    private static bool IsReplaced(uint address) => address >> 24 is > 0 and < FirstMulticast and not Loopback;

    private uint OfIPv4(uint address)
    {
        if (!IsReplaced(address))
        {
            return address;
        }

        uint result = (uint)FirstOctetOf((int)(address >> 24)) << 24;
        for (int shift = 16; shift >= 0; shift -= 8)
        {
            uint prefix = (address >> (shift + 8)) | (1u << (24 - shift)); // the bit above tells the lengths apart
            result |= (uint)TableOf(prefix)[(int)((address >> shift) & 0xFF)] << shift;
        }

        return result;
    }

    /// <summary>No first octet of the capture comes back, so no address of it can.</summary>
    private int FirstOctetOf(int octet)
    {
        if (_first is null)
        {
            _first = [];
            Assign(FirstUnicast1, FirstUnicast2 - FirstUnicast1);
            Assign(FirstUnicast2, FirstUnicast3 - FirstUnicast2);
            Assign(FirstUnicast3, FirstMulticast - FirstUnicast3);
        }

        return _first.GetValueOrDefault(octet, octet);

        void Assign(int first, int count)
        {
            int[] shuffled = [.. stream.Shuffle(Purpose.FirstOctet, [(byte)first], first, count).Where(each => each != Loopback)];
            foreach ((int from, int to) in KeyedAssignment.Of(shuffled, _firstOctets.Where(each => each >= first && each < first + count).ToHashSet()))
            {
                _first.Add(from, to);
            }
        }
    }

    /// <summary>A permutation of the octets behind a prefix, each among those with as many digits.</summary>
    private int[] TableOf(uint prefix)
    {
        if (!_tables.TryGetValue(prefix, out int[]? table))
        {
            Span<byte> context = stackalloc byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32BigEndian(context, prefix);
            table =
            [
                .. stream.Shuffle(Purpose.Octet, context, 0, 10),
                .. stream.Shuffle(Purpose.Octet, context, 10, 90),
                .. stream.Shuffle(Purpose.Octet, context, 100, 156),
            ];
            _tables.Add(prefix, table);
        }

        return table;
    }

    private UInt128 OfIPv6(UInt128 address)
    {
        ushort first = (ushort)(address >> 112);
        if (first is 0 or >= 0xFE80)
        {
            return address; // ::, ::1, link-local and multicast
        }

        UInt128 result = 0;
        Span<byte> digits = stackalloc byte[4];
        Span<byte> sizes = stackalloc byte[4];
        for (int shift = 112; shift >= 0; shift -= 16)
        {
            ushort group = (ushort)(address >> shift);
            if (group != 0)
            {
                uint tweak = shift == 112 ? 0 : TweakOf(address >> (shift + 16), shift);
                group = Replace(group, tweak, digits, sizes);
                while (shift == 112 && group >= 0xFE80)
                {
                    group = Replace(group, tweak, digits, sizes);
                }
            }

            result |= (UInt128)group << shift;
        }

        return result;
    }

    private static uint TweakOf(UInt128 prefix, int shift)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, prefix);
        return (uint)ByteHash.Of(bytes, (ulong)shift);
    }

    /// <summary>Another group with as many hexadecimal digits; the first of them never 0.</summary>
    private ushort Replace(ushort group, uint tweak, Span<byte> digits, Span<byte> sizes)
    {
        int count = 0;
        for (int rest = group; rest > 0; rest >>= 4)
        {
            count++;
        }

        for (int i = 0; i < count; i++)
        {
            digits[i] = (byte)((group >> (4 * (count - 1 - i))) & 0xF);
        }

        sizes.Fill(16);
        sizes[0] = 15;
        digits[0]--;
        form.Apply(Purpose.Group, tweak, digits[..count], sizes[..count]);
        digits[0]++;
        int value = 0;
        foreach (byte digit in digits[..count])
        {
            value = (value << 4) | digit;
        }

        return (ushort)value;
    }
}
