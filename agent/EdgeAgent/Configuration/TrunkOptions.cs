namespace EdgeAgent.Configuration;

/// <summary>One carrier.</summary>
public sealed class TrunkOptions
{
    /// <summary>Name under which its calls are reported: <c>[A-Za-z0-9._-]{1,40}</c>, unique.</summary>
    public string Name { get; set; } = "";

    /// <summary>Addresses, networks (CIDR) and host names of the carrier's side; at least one.</summary>
    public IReadOnlyList<string> Hosts { get; set; } = [];

    /// <summary>SIP port of the carrier's side, 1 to 65,535. Default: any.</summary>
    public int? Port { get; set; }

    /// <summary>Header order on this trunk in place of <c>identity.order</c>. Default: that order.</summary>
    public IReadOnlyList<IdentityHeader> Identity { get; set; } = [];
}

/// <summary>Headers that may name the caller.</summary>
public enum IdentityHeader
{
    /// <summary>P-Asserted-Identity (RFC 3325); on some trunks the account number.</summary>
    PAssertedIdentity,

    /// <summary>Remote-Party-ID (draft-ietf-sip-privacy-04).</summary>
    RemotePartyId,

    /// <summary>P-Preferred-Identity (RFC 3325).</summary>
    PPreferredIdentity,

    /// <summary>From (RFC 3261).</summary>
    From,
}

/// <summary>Which header names the caller.</summary>
public sealed class IdentityOptions
{
    /// <summary>Headers in the order they are believed; one that is not listed is not read.</summary>
    public IReadOnlyList<IdentityHeader> Order { get; set; } = [];

    /// <summary>What an empty <see cref="Order"/> means.</summary>
    public static IReadOnlyList<IdentityHeader> DefaultOrder { get; } =
    [
        IdentityHeader.PAssertedIdentity, IdentityHeader.RemotePartyId, IdentityHeader.PPreferredIdentity, IdentityHeader.From,
    ];
}
