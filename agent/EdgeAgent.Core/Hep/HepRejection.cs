namespace EdgeAgent.Core.Hep;

/// <summary>Why a HEP packet gave no SIP message. Each cause is counted.</summary>
public enum HepRejection
{
    /// <summary>It gave one.</summary>
    None = 0,
    /// <summary>It does not begin like HEP version 1, 2 or 3.</summary>
    HepUnknownVersion,
    /// <summary>It ends inside a header or a chunk.</summary>
    HepTruncated,
    /// <summary>A length contradicts itself: a chunk shorter than its own header, an address of the wrong size.</summary>
    HepBadLength,
    /// <summary>Something else than SIP (RTCP, logs, ...): no fault, passed over.</summary>
    HepNotSip,
    /// <summary>Addresses, time or payload are missing.</summary>
    HepIncomplete,
    /// <summary>The key is missing or is another one than configured.</summary>
    HepWrongKey,
    /// <summary>The payload does not decompress, or to more than a message may have.</summary>
    HepBadCompression,
}
