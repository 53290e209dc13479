using System.Collections.Frozen;
using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Guard.Policy;
using EdgeAgent.Core.Guard.State;
using EdgeAgent.Core.Hep;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Sip;

namespace EdgeAgent.Core;

/// <summary>What an engine is built with; all of it comes from the configuration.</summary>
public sealed record EngineSettings
{
    /// <summary>Carriers.</summary>
    public TrunkTable Trunks { get; init; } = new([]);

    /// <summary>Declared phones.</summary>
    public IReadOnlyList<HostRange> Phones { get; init; } = [];

    /// <summary>Addresses known to be this PBX: live, those of this host.</summary>
    public IReadOnlyList<UInt128> OwnHosts { get; init; } = [];

    /// <summary>Ports on which what is no SIP counts as undecodable; SIP on other UDP ports is read all the same.</summary>
    public IReadOnlyList<ushort> SipPorts { get; init; } = [5060];

    /// <summary>Headers to take the caller ID from where the trunk says nothing else.</summary>
    public IReadOnlyList<IdentitySource> IdentityOrder { get; init; } = PartyReader.DefaultOrder;

    /// <summary>The company's own numbers, as far as configured.</summary>
    public IReadOnlySet<E164Number> OwnNumbers { get; init; } = FrozenSet<E164Number>.Empty;

    /// <summary>Number plans.</summary>
    public required NumberNormaliser Numbers { get; init; }

    /// <summary>Names persons.</summary>
    public required PersonPseudonymiser Pseudonymiser { get; init; }

    /// <summary>What guards go by; its calling hours are also the time of which it is measured how much was observed.</summary>
    public GuardPolicy Policy { get; init; } = GuardPolicy.Default;

    /// <summary>Bounds of what guards remember.</summary>
    public GuardLimits Guards { get; init; } = new();

    /// <summary>Calls that a rule refuses are taken as if they had been refused: they use no quota. For trying a policy out.</summary>
    public bool HoldsBackRefused { get; init; }

    /// <summary>
    /// Where no trunk tells which side is the company's, either may be a person: its number becomes a pseudonym. On for all that is stored
    /// or sent; off for a table on the administrator's own screen.
    /// </summary>
    public bool PseudonymisesUnknownSides { get; init; }

    /// <summary>A minute without traffic is sealed too: live, silence is a fact.</summary>
    public bool SealsEmptyMinutes { get; init; }

    /// <summary>How long after its end a minute stays open. Default 5 s.</summary>
    public TimeSpan SealLag { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Distinct numbers a day. Default 20,000.</summary>
    public int MaxNumbers { get; init; } = 20_000;

    /// <summary>Pairs of a number and a person it called, remembered for the civil day. Default 100,000.</summary>
    public int MaxCallees { get; init; } = 100_000;

    /// <summary>Bounds of the call table.</summary>
    public CallLimits Calls { get; init; } = CallLimits.Default;

    /// <summary>Bounds of one message.</summary>
    public SipLimits Sip { get; init; } = SipLimits.Default;

    /// <summary>How HEP is read.</summary>
    public HepSettings Hep { get; init; } = new();

    /// <summary>Bounds of IP reassembly.</summary>
    public FragmentLimits Fragments { get; init; } = FragmentLimits.Default;

    /// <summary>Bounds of TCP reassembly.</summary>
    public TcpLimits Tcp { get; init; } = TcpLimits.Default;

    /// <summary>Is told every verdict of guards; null for nobody.</summary>
    public IVerdictObserver? Verdicts { get; init; }

    /// <summary>Is told what messages do to the calls it follows; null for nobody.</summary>
    public ICallTrace? Trace { get; init; }

    /// <summary>Sees the messages themselves; null for nobody.</summary>
    public ISipTap? Tap { get; init; }
}
