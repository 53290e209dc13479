namespace EdgeAgent.Core.Packets;

/// <summary>What is wrong with a capture file. Everything before the fault was delivered.</summary>
public enum CaptureFault
{
    /// <summary>There is not a single byte.</summary>
    Empty,
    /// <summary>The first bytes are those of no capture format.</summary>
    NotACapture,
    /// <summary>A capture of Microsoft Network Monitor ("GMBU"), which is not read.</summary>
    NetworkMonitor,
    /// <summary>Compressed with gzip once more: unpack it first.</summary>
    GzipInside,
    /// <summary>The file ends inside a record.</summary>
    TruncatedRecord,
    /// <summary>A record claims more bytes than <see cref="CaptureLimits.MaxRecordBytes"/>.</summary>
    RecordTooLong,
    /// <summary>A pcapng block is too short for its kind, not a multiple of 4, or its two lengths differ.</summary>
    CorruptBlockLength,
    /// <summary>A pcapng section begins with an unknown byte-order mark.</summary>
    CorruptSection,
    /// <summary>A pcapng packet belongs to an interface that was not described.</summary>
    UnknownInterface,
    /// <summary>A pcapng section describes more than <see cref="CaptureLimits.MaxInterfaces"/>.</summary>
    TooManyInterfaces,
    /// <summary>The bytes could not be read: a device error, or damaged compression.</summary>
    Unreadable,
    /// <summary>In a file of HEP packets one does not begin as one, or is shorter than its own header.</summary>
    CorruptHepPacket,
}

/// <summary>How far a capture could be read.</summary>
/// <param name="Packets">Packets delivered.</param>
/// <param name="Bytes">Captured bytes of these packets, record headers not counted.</param>
/// <param name="Fault">Why reading ended early, null at a proper end.</param>
/// <param name="FaultOffset">Offset of the damaged record in the (unpacked) file, in bytes; 0 without a fault.</param>
public sealed record CaptureReadResult(long Packets, long Bytes, CaptureFault? Fault = null, long FaultOffset = 0);
