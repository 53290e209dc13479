namespace EdgeAgent.Core.Packets;

/// <summary>One interface of a pcapng section: link type and clock (draft-ietf-opsawg-pcapng §4.2).</summary>
internal readonly struct PcapNgInterface
{
    /// <summary>if_tsresol: the top bit chooses a power of two instead of ten.</summary>
    private const byte PowerOfTwo = 0x80;

    /// <summary>Decimal digits of a 100 ns tick.</summary>
    private const int TickDigits = 7;

    /// <summary>10^19 is the largest power of ten in 64 bits; a finer clock shows nothing but zero.</summary>
    private const int MaxDigits = 19;

    private static readonly long MaxTicks = DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks;

    private readonly ulong _multiplier;
    private readonly ulong _divisor;
    private readonly int _shift;
    private readonly long _offsetSeconds;

    public PcapNgInterface(LinkType link, uint snapBytes, byte resolution, long offsetSeconds)
    {
        Link = link;
        SnapBytes = snapBytes;
        _multiplier = 1;
        _divisor = 1;
        int exponent = resolution & ~PowerOfTwo;
        if ((resolution & PowerOfTwo) != 0)
        {
            _multiplier = TimeSpan.TicksPerSecond;
            _shift = exponent;
        }
        else if (exponent <= TickDigits)
        {
            _multiplier = PowerOfTen(TickDigits - exponent);
        }
        else
        {
            _divisor = PowerOfTen(Math.Min(exponent - TickDigits, MaxDigits));
        }

        _offsetSeconds = offsetSeconds;
    }

    public LinkType Link { get; }

    /// <summary>Largest captured length, 0 for no limit.</summary>
    public uint SnapBytes { get; }

    /// <summary>Clamped to what <see cref="DateTimeOffset"/> can hold: a damaged stamp must not stop the reading.</summary>
    public DateTimeOffset ToTime(ulong stamp)
    {
        ulong high = Math.BigMul(stamp / _divisor, _multiplier, out ulong low);
        UInt128 ticks = new UInt128(high, low) >> _shift;
        Int128 sinceEpoch = (Int128)ticks + ((Int128)_offsetSeconds * TimeSpan.TicksPerSecond);
        long clamped = (long)Int128.Clamp(sinceEpoch, -DateTime.UnixEpoch.Ticks, MaxTicks);
        return new DateTimeOffset(DateTime.UnixEpoch.Ticks + clamped, TimeSpan.Zero);
    }

    private static ulong PowerOfTen(int exponent)
    {
        ulong power = 1;
        for (int i = 0; i < exponent; i++)
        {
            power *= 10;
        }

        return power;
    }
}
