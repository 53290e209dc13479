using System.Globalization;
using System.Text;
using EdgeAgent.Core.Numbers;
using PhoneNumbers;

namespace EdgeAgent.Numbers;

/// <summary>
/// Every country's plan, by libphonenumber. It allocates and takes microseconds, so its answers, good and bad, are kept in a table of
/// fixed size in which a newcomer takes the place of whoever has the same hash. Not thread-safe.
/// </summary>
public sealed class PhoneLibNumberPlan : INumberPlan
{
    /// <summary>Answers kept unless configured: 1 MiB.</summary>
    public const int DefaultCacheEntries = 65_536;

    // 15 digits (E.164) and what a national prefix may add in front; more would not fit the key.
    private const int MaxDigits = 18;
    private const int MaxE164Digits = 15;
    private const int MaxCountryDigits = 3;
    private const string UnknownRegion = "ZZ";
    private const ulong InternationalMark = 2;
    private const ulong NationalMark = 1;

    private readonly PhoneNumberUtil _library = PhoneNumberUtil.GetInstance();
    private readonly string _defaultRegion;
    private readonly Entry[] _cache;
    private readonly int _shift;

    /// <summary>Makes a plan with an empty cache.</summary>
    /// <param name="defaultRegion">Region (ISO 3166-1 alpha-2) of numbers without <c>+</c> or <c>00</c>.</param>
    /// <param name="cacheEntries">A power of two, 2 to 2^24.</param>
    /// <exception cref="ArgumentException">The library knows no such region, or the size is none of these.</exception>
    public PhoneLibNumberPlan(string defaultRegion = "FR", int cacheEntries = DefaultCacheEntries)
    {
        ArgumentNullException.ThrowIfNull(defaultRegion);
        if (!_library.GetSupportedRegions().Contains(defaultRegion))
        {
            throw new ArgumentException($"No numbering plan is known for region '{defaultRegion}'.", nameof(defaultRegion));
        }

        if (cacheEntries is < 2 or > 1 << 24 || !int.IsPow2(cacheEntries))
        {
            throw new ArgumentException("The cache size must be a power of two, 2 to 2^24.", nameof(cacheEntries));
        }

        _defaultRegion = defaultRegion;
        _cache = new Entry[cacheEntries];
        _shift = 64 - int.Log2(cacheEntries);
    }

    /// <inheritdoc/>
    public bool TryNormalise(ReadOnlySpan<byte> dialled, out E164Number number)
    {
        bool isInternational = dialled.StartsWith("+"u8) || dialled.StartsWith("00"u8);
        ReadOnlySpan<byte> digits = !isInternational ? dialled : dialled[(dialled[0] == '+' ? 1 : 2)..];
        number = default;
        if (!TryKey(digits, isInternational, out ulong key))
        {
            return false;
        }

        // Fibonacci hashing: the upper bits of the product depend on every digit.
        ref Entry entry = ref _cache[(key * 0x9E37_79B9_7F4A_7C15) >> _shift];
        if (entry.Key != key)
        {
            entry = new Entry(key, Parse(digits, isInternational));
        }

        number = new E164Number(entry.Number);
        return number.IsNumber;
    }

    /// <summary>The digits behind a mark, so that leading zeros and the two ways of writing stay apart; never 0.</summary>
    private static bool TryKey(ReadOnlySpan<byte> digits, bool isInternational, out ulong key)
    {
        key = isInternational ? InternationalMark : NationalMark;
        if (digits.Length is 0 or > MaxDigits || (isInternational && digits[0] == '0'))
        {
            return false; // no country code begins with 0
        }

        foreach (byte character in digits)
        {
            uint digit = (uint)character - '0';
            if (digit > 9)
            {
                return false;
            }

            key = (key * 10) + digit;
        }

        return true;
    }

    /// <summary>The number's digits, 0 where it is not valid.</summary>
    private ulong Parse(ReadOnlySpan<byte> digits, bool isInternational)
    {
        if (isInternational && IsValid(digits))
        {
            return ulong.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        }

        string text = isInternational ? $"+{Encoding.ASCII.GetString(digits)}" : Encoding.ASCII.GetString(digits);
        try
        {
            PhoneNumber parsed = _library.Parse(text, _defaultRegion);
            if (!_library.IsValidNumber(parsed))
            {
                return 0;
            }

            ReadOnlySpan<char> formatted = _library.Format(parsed, PhoneNumberFormat.E164);
            return ulong.TryParse(formatted.TrimStart('+'), out ulong value) && value <= E164Number.MaxDigits ? value : 0;
        }
        catch (NumberParseException)
        {
            return 0; // the library's way of saying that the digits have the wrong length or no country
        }
    }

    /// <summary>
    /// Whether digits behind a plus are a number as they stand, which nearly all are: that costs a third of what it takes to read digits
    /// in whatever form people write them.
    /// </summary>
    private bool IsValid(ReadOnlySpan<byte> digits)
    {
        for (int length = 1; length <= MaxCountryDigits && length < digits.Length; length++)
        {
            int country = int.Parse(digits[..length], NumberStyles.None, CultureInfo.InvariantCulture);
            if (_library.GetRegionCodeForCountryCode(country) != UnknownRegion) // no country code begins another
            {
                ReadOnlySpan<byte> national = digits[length..];
                int zeros = national.IndexOfAnyExcept((byte)'0');
                PhoneNumber.Builder number = new PhoneNumber.Builder()
                    .SetCountryCode(country)
                    .SetNationalNumber(ulong.Parse(national, NumberStyles.None, CultureInfo.InvariantCulture));
                if (zeros > 0)
                {
                    number.SetNumberOfLeadingZeros(zeros);
                }

                return zeros >= 0 && digits.Length <= MaxE164Digits && _library.IsValidNumber(number.Build());
            }
        }

        return false;
    }

    private readonly record struct Entry(ulong Key, ulong Number);
}
