using System.Buffers;
namespace EdgeAgent.Core.Metrics;

/// <summary>
/// Counters as bytes on disk: version 2, then for each counter that is not zero its position plus one and its value, 0, then status
/// codes with their counts, 0. Every integer is a base-128 varint, so a usual row takes some 30 bytes.
/// </summary>
public static class CounterPacking
{
    private const byte Version = 2;

    /// <summary>Packs <paramref name="counters"/>.</summary>
    public static byte[] Pack(NumberCounters counters)
    {
        ArrayBufferWriter<byte> output = new(64);
        Put(output, Version);
        for (int i = 0; i < CounterFields.All.Count; i++)
        {
            long value = CounterFields.All[i].Read(counters);
            if (value != 0)
            {
                Put(output, (ulong)i + 1);
                Put(output, (ulong)value);
            }
        }

        Put(output, 0);
        foreach ((short code, long count) in counters.Status.Entries)
        {
            Put(output, (ulong)code);
            Put(output, (ulong)count);
        }

        Put(output, 0);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Adds what <paramref name="packed"/> holds to <paramref name="counters"/>.</summary>
    /// <exception cref="InvalidDataException">The bytes are no counters.</exception>
    public static void AddTo(NumberCounters counters, ReadOnlySpan<byte> packed)
    {
        if (Take(ref packed) != Version)
        {
            throw new InvalidDataException("counters of an unknown version");
        }

        while (Take(ref packed) is ulong position and not 0)
        {
            long value = (long)Take(ref packed);
            if (position > (ulong)CounterFields.All.Count)
            {
                throw new InvalidDataException($"unknown counter {position}");
            }

            CounterFields.All[(int)position - 1].AddTo(counters, value);
        }

        while (Take(ref packed) is ulong code and not 0)
        {
            long count = (long)Take(ref packed);
            counters.Status.Add((int)code, count);
        }
    }

    private static void Put(ArrayBufferWriter<byte> output, ulong value)
    {
        Span<byte> span = output.GetSpan(10);
        int length = 0;
        while (value >= 0x80)
        {
            span[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[length++] = (byte)value;
        output.Advance(length);
    }

    private static ulong Take(ref ReadOnlySpan<byte> packed)
    {
        ulong value = 0;
        for (int i = 0; i < packed.Length && i < 10; i++)
        {
            value |= (ulong)(packed[i] & 0x7F) << (7 * i);
            if (packed[i] < 0x80)
            {
                packed = packed[(i + 1)..];
                return value;
            }
        }

        throw new InvalidDataException("counters are cut short");
    }
}
