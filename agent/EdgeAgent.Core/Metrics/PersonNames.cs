using System.Globalization;
using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core.Metrics;

/// <summary>
/// Gives the far end of a call its pseudonym, made when somebody asks and then kept in the call: the MAC costs as much as all counting.
/// </summary>
/// <param name="pseudonymiser">Holds the key.</param>
/// <param name="ownNumbers">The company's own numbers: no persons.</param>
public sealed class PersonNames(PersonPseudonymiser pseudonymiser, IReadOnlySet<E164Number> ownNumbers)
{
    private const int KeyDigits = 16;

    /// <summary>Names everybody whom a record of the call shows.</summary>
    public void NameAll(Call call)
    {
        NameOf(call);
        E164Number forwarder = call.Parties.ForwardedBy;
        if (forwarder.IsNumber)
        {
            bool isOwn = forwarder == call.Parties.Number.Number || ownNumbers.Contains(forwarder);
            call.ForwarderName ??= isOwn ? forwarder.ToString() : pseudonymiser.Of(forwarder);
        }
    }

    /// <summary>The pseudonym of the far end; null where nothing was readable.</summary>
    public string? NameOf(Call call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return call.PersonPseudonym ??=
            call.Parties.Person.IsNumber ? PseudonymOf(call).ToString()
            : call.Parties.PersonText is { Length: > 0 } text ? pseudonymiser.OfUnreadable(text)
            : null;
    }

    /// <summary>
    /// The far end for tables in memory (<see cref="Pseudonym.Key"/>), 0 for one whose number cannot be read; of a call restored after a
    /// restart only the pseudonym is left.
    /// </summary>
    internal ulong KeyOf(Call call) =>
        call.Parties.Person.IsNumber ? PseudonymOf(call).Key
        : call.IsPersonForgotten ? ulong.Parse(call.PersonPseudonym.AsSpan(0, KeyDigits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
        : 0;

    private Pseudonym PseudonymOf(Call call)
    {
        if (call.Pseudonym == default)
        {
            call.Pseudonym = pseudonymiser.PseudonymOf(call.Parties.Person);
        }

        return call.Pseudonym;
    }
}
