using System.Text;

namespace EdgeAgent.Core.Numbers;

/// <summary>
/// Turns the user part of a sip: URI, or the subscriber of a tel: URI, into E.164: one key for every way of writing a number.
/// Not thread-safe when its plans are not.
/// </summary>
public sealed class NumberNormaliser
{
    private const int MaxDialledBytes = 32;

    private readonly INumberPlan? _otherPlans;
    private readonly FrenchNumberPlan _frenchPlan;
    private readonly byte[][] _dialPrefixes;
    private readonly bool _isFrench;

    /// <summary>Takes settings without faults.</summary>
    /// <exception cref="ArgumentException">The settings have faults.</exception>
    public NumberNormaliser(NumberSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Faults() is [string fault, ..])
        {
            throw new ArgumentException(fault, nameof(settings));
        }

        _isFrench = settings.IsFrench;
        _frenchPlan = new FrenchNumberPlan(_isFrench);
        _otherPlans = settings.OtherPlans;

        // Longest first: of two prefixes that both fit, the one that says more is meant.
        _dialPrefixes = [.. settings.DialPrefixes.OrderByDescending(prefix => prefix.Length).Select(Encoding.ASCII.GetBytes)];
    }

    /// <summary>Reads a caller: no dial prefix.</summary>
    /// <param name="userPart">User part as it stands in the URI; parameters after <c>;</c> are cut.</param>
    /// <param name="number">The number in E.164.</param>
    /// <returns>False where it is no number. Never throws on input.</returns>
    public bool TryCaller(ReadOnlySpan<byte> userPart, out E164Number number)
    {
        return TryPlans(Clean(userPart, stackalloc byte[MaxDialledBytes]), out number);
    }

    /// <summary>
    /// Reads a called number. A configured dial prefix is stripped where the whole is no number and the rest is one. Where both are,
    /// the rest wins only as a ten-digit French number after an exchange line digit: <c>0</c> + <c>0687…</c> would otherwise read as
    /// <c>00 687…</c>, New Caledonia.
    /// </summary>
    /// <param name="userPart">User part as it stands in the URI; parameters after <c>;</c> are cut.</param>
    /// <param name="number">The number in E.164.</param>
    /// <returns>False where it is no number. Never throws on input.</returns>
    public bool TryCalled(ReadOnlySpan<byte> userPart, out E164Number number)
    {
        ReadOnlySpan<byte> dialled = Clean(userPart, stackalloc byte[MaxDialledBytes]);
        return TryNationalAfterPrefix(dialled, out number) || TryPlans(dialled, out number) || TryAfterPrefix(dialled, out number);
    }

    /// <summary>
    /// The class of a called number that is dialled as it stands and is no E.164 number, such as 112, also after a dial prefix; unknown for
    /// anything else.
    /// </summary>
    /// <param name="userPart">User part as it stands in the URI.</param>
    public NumberClass ShortClassOf(ReadOnlySpan<byte> userPart)
    {
        ReadOnlySpan<byte> dialled = Clean(userPart, stackalloc byte[MaxDialledBytes]);
        NumberClass found = NumberClasses.OfShort(dialled);
        for (int i = 0; i < _dialPrefixes.Length && found == NumberClass.Unknown; i++)
        {
            found = dialled.StartsWith(_dialPrefixes[i]) ? NumberClasses.OfShort(dialled[_dialPrefixes[i].Length..]) : found;
        }

        return found;
    }

    private bool TryNationalAfterPrefix(ReadOnlySpan<byte> dialled, out E164Number number)
    {
        number = default;
        if (_dialPrefixes.Length == 0 || dialled.Length != 11 || !_isFrench || !dialled.StartsWith("00"u8))
        {
            return false; // only "00" and nine digits can be read both ways
        }

        foreach (byte[] prefix in _dialPrefixes)
        {
            if (prefix is [(byte)'0'])
            {
                return _frenchPlan.TryNormalise(dialled[1..], out number);
            }
        }

        return false;
    }

    private bool TryAfterPrefix(ReadOnlySpan<byte> dialled, out E164Number number)
    {
        foreach (byte[] prefix in _dialPrefixes)
        {
            if (dialled.StartsWith(prefix) && TryPlans(dialled[prefix.Length..], out number))
            {
                return true;
            }
        }

        number = default;
        return false;
    }

    private bool TryPlans(ReadOnlySpan<byte> dialled, out E164Number number)
    {
        if (_frenchPlan.TryNormalise(dialled, out number))
        {
            return true;
        }

        bool isInternational = dialled.StartsWith("+"u8) || dialled.StartsWith("00"u8);
        return _otherPlans is not null && (isInternational || !_isFrench) && _otherPlans.TryNormalise(dialled, out number);
    }

    /// <summary>
    /// What was dialled: percent-decoded, without visual separators (RFC 3966 §3) and parameters; empty for what no dial pad can send.
    /// </summary>
    private static ReadOnlySpan<byte> Clean(ReadOnlySpan<byte> userPart, Span<byte> buffer)
    {
        bool hasPlus = userPart.StartsWith("+"u8);
        if (userPart.Length <= buffer.Length && !userPart[(hasPlus ? 1 : 0)..].ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return userPart; // nearly every call: nothing to clean
        }

        int length = 0;
        for (int i = 0; i < userPart.Length && userPart[i] != ';'; i++)
        {
            byte character = userPart[i];
            if (character == '%' && !TryUnescape(userPart, ref i, out character))
            {
                return default;
            }

            if (character is (byte)'-' or (byte)'.' or (byte)'(' or (byte)')' or (byte)' ')
            {
                continue;
            }

            bool isDialled = char.IsAsciiDigit((char)character) || character is (byte)'+' or (byte)'*' or (byte)'#';
            if (!isDialled || length == buffer.Length)
            {
                return default;
            }

            buffer[length++] = character;
        }

        return buffer[..length];
    }

    private static bool TryUnescape(ReadOnlySpan<byte> text, ref int at, out byte value)
    {
        value = 0;
        if (at + 2 >= text.Length || !char.IsAsciiHexDigit((char)text[at + 1]) || !char.IsAsciiHexDigit((char)text[at + 2]))
        {
            return false;
        }

        value = (byte)((HexValue(text[at + 1]) << 4) | HexValue(text[at + 2]));
        at += 2;
        return true;
    }

    private static int HexValue(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
