using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core.Metrics;

/// <summary>Gives the far end of a call its pseudonym, made only when somebody asks: the MAC costs as much as counting the whole call.</summary>
/// <param name="pseudonymiser">Holds the key.</param>
/// <param name="ownNumbers">The company's own numbers: no persons.</param>
public sealed class PersonNames(PersonPseudonymiser pseudonymiser, IReadOnlySet<E164Number> ownNumbers)
{
    /// <summary>Makes the names.</summary>
    internal PersonPseudonymiser Pseudonymiser => pseudonymiser;

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
            call.Parties.Person.IsNumber ? pseudonymiser.Of(call.Parties.Person)
            : call.Parties.PersonText is { Length: > 0 } text ? pseudonymiser.OfUnreadable(text)
            : null;
    }
}
