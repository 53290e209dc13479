namespace EdgeAgent.Core.Calls;

/// <summary>
/// Times of one call in a saved state. Most repeat another or lie whole seconds behind it, as deadlines do; of the rest only the distance
/// to the first is written. First the first in ticks, unless it is known, then a byte for each further time, then what those bytes call for.
/// </summary>
internal static class StateTimes
{
    private const byte Unset = 0;
    private const byte Apart = 1;     // the distance to the first time follows
    private const byte Same = 2;      // plus the place of the equal time
    private const byte Behind = 0x80; // plus the place of a time that lies as many seconds before it as follow

    /// <summary>Writes times.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="times">At most 64.</param>
    /// <param name="known">So many of them, the first ones, the reader has already.</param>
    public static void Write(BinaryWriter writer, ReadOnlySpan<DateTimeOffset> times, int known = 0)
    {
        if (known == 0)
        {
            writer.Write(times[0].UtcTicks);
            known = 1;
        }

        Span<byte> forms = stackalloc byte[times.Length];
        for (int i = known; i < times.Length; i++)
        {
            forms[i] = FormOf(times[..i], times[i]);
        }

        writer.Write(forms[known..]);
        for (int i = known; i < times.Length; i++)
        {
            if (forms[i] == Apart)
            {
                WriteSpan(writer, times[i] - times[0]);
            }
            else if (forms[i] >= Behind)
            {
                writer.Write7BitEncodedInt64((times[i] - times[forms[i] - Behind]).Ticks / TimeSpan.TicksPerSecond);
            }
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote: as many times as there is room for.</summary>
    /// <exception cref="InvalidDataException">The bytes are no times.</exception>
    public static void Read(BinaryReader reader, Span<DateTimeOffset> times, int known = 0)
    {
        if (known == 0)
        {
            times[0] = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero);
            known = 1;
        }

        Span<byte> forms = stackalloc byte[times.Length];
        reader.BaseStream.ReadExactly(forms[known..]);
        for (int i = known; i < times.Length; i++)
        {
            int other = forms[i] >= Behind ? forms[i] - Behind : forms[i] - Same;
            if (other >= i)
            {
                throw new InvalidDataException("a saved time is damaged");
            }

            times[i] = forms[i] switch
            {
                Unset => default,
                Apart => times[0] + ReadSpan(reader),
                < Behind => times[other],
                _ => times[other].AddSeconds(reader.Read7BitEncodedInt64()),
            };
        }
    }

    /// <summary>Writes a duration: whole microseconds, as most clocks give, or ticks.</summary>
    public static void WriteSpan(BinaryWriter writer, TimeSpan span)
    {
        bool isWhole = span.Ticks % TimeSpan.TicksPerMicrosecond == 0;
        long value = isWhole ? span.Ticks / TimeSpan.TicksPerMicrosecond : span.Ticks;
        writer.Write7BitEncodedInt64((((value << 1) ^ (value >> 63)) << 1) | (isWhole ? 0L : 1L));
    }

    /// <summary>Reads what <see cref="WriteSpan"/> wrote.</summary>
    public static TimeSpan ReadSpan(BinaryReader reader)
    {
        long written = reader.Read7BitEncodedInt64();
        long zigzag = written >>> 1;
        long value = (zigzag >>> 1) ^ -(zigzag & 1);
        return new TimeSpan((written & 1) == 0 ? value * TimeSpan.TicksPerMicrosecond : value);
    }

    private static byte FormOf(ReadOnlySpan<DateTimeOffset> before, DateTimeOffset time)
    {
        if (time == default)
        {
            return Unset;
        }

        int same = before.IndexOf(time);
        if (same >= 0)
        {
            return (byte)(Same + same);
        }

        for (int i = 0; i < before.Length; i++)
        {
            if (before[i] != default && time > before[i] && (time - before[i]).Ticks % TimeSpan.TicksPerSecond == 0)
            {
                return (byte)(Behind + i);
            }
        }

        return Apart;
    }
}
