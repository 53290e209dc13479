using EdgeAgent.Core.Numbers;
using EdgeAgent.Core.Sip;

namespace EdgeAgent.Core.Calls;

/// <summary>Reads who calls whom from a first INVITE.</summary>
public interface IPartyReader
{
    /// <summary>Reads both sides.</summary>
    /// <param name="invite">A first INVITE.</param>
    /// <param name="direction">Inbound turns the sides round: the called number is the company's.</param>
    /// <param name="trunk">Trunk whose identity order applies, null for the general one.</param>
    CallParties Read(in SipMessage invite, CallDirection direction, Trunk? trunk);

    /// <summary>Names whom a URI calls: equal for every way of writing one number, else for equal user parts; 0 for nobody.</summary>
    ulong CalledBy(ReadOnlySpan<byte> uri);

    /// <summary>Names a person so that it may be kept on disk; never 0.</summary>
    ulong PersonKey(E164Number person);

    /// <summary>Names an agent's line so that it may be kept on disk; never 0.</summary>
    /// <param name="user">User part the phone calls under.</param>
    /// <param name="host">The phone.</param>
    ulong LineKey(ReadOnlySpan<byte> user, UInt128 host);

    /// <summary>Whether a number is known to be the company's.</summary>
    bool IsOwn(E164Number number);
}
