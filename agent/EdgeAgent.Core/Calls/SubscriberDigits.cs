using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core.Calls;

/// <summary>The last digits dialled: what is left of a number whatever the dial plan puts before it. Joins the legs of one human call.</summary>
internal static class SubscriberDigits
{
    private const int Length = 9;
    private const ulong Modulus = 1_000_000_000;

    /// <summary>Of a number.</summary>
    public static ulong Of(E164Number number) => number.Digits % Modulus;

    /// <summary>Of whom a call goes to; null where fewer digits were dialled.</summary>
    public static ulong? Of(in CallParties parties)
    {
        if (parties.Person.IsNumber)
        {
            return Of(parties.Person);
        }

        ulong digits = 0;
        int count = 0;
        foreach (byte character in parties.PersonText ?? [])
        {
            bool isDigit = char.IsAsciiDigit((char)character);
            digits = isDigit ? ((digits * 10) + character - '0') % Modulus : 0;
            count = isDigit ? count + 1 : 0;
        }

        return count >= Length ? digits : null;
    }
}
