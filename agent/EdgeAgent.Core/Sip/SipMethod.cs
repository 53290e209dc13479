namespace EdgeAgent.Core.Sip;

/// <summary>Methods that mean something to call counting; all others are <see cref="Other"/>.</summary>
public enum SipMethod
{
    /// <summary>Any method not listed here.</summary>
    Other = 0,
    /// <summary>RFC 3261.</summary>
    Invite,
    /// <summary>RFC 3261.</summary>
    Ack,
    /// <summary>RFC 3261.</summary>
    Bye,
    /// <summary>RFC 3261.</summary>
    Cancel,
    /// <summary>RFC 3261.</summary>
    Register,
    /// <summary>RFC 3261.</summary>
    Options,
    /// <summary>RFC 3311.</summary>
    Update,
    /// <summary>RFC 3262.</summary>
    Prack,
    /// <summary>RFC 6086.</summary>
    Info,
    /// <summary>RFC 3515.</summary>
    Refer,
    /// <summary>RFC 6665.</summary>
    Notify,
    /// <summary>RFC 6665.</summary>
    Subscribe,
    /// <summary>RFC 3428.</summary>
    Message,
    /// <summary>RFC 3903.</summary>
    Publish,
}
