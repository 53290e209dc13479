using EdgeAgent.Core.Packets;

namespace EdgeAgent.Capture;

/// <summary>What is wrong with a capture, in words for people.</summary>
internal static class CaptureFaults
{
    /// <summary>A clause that goes before "at byte N".</summary>
    public static string Describe(CaptureFault fault) => fault switch
    {
        CaptureFault.Empty => "the file is empty",
        CaptureFault.NotACapture => "no pcap or pcapng file, nor HEP packets",
        CaptureFault.NetworkMonitor => "a capture of Microsoft Network Monitor, which is not read (convert it with editcap -F pcap)",
        CaptureFault.GzipInside => "compressed twice: unpack it once first",
        CaptureFault.TruncatedRecord => "the file ends inside a record",
        CaptureFault.RecordTooLong => "a record longer than any packet",
        CaptureFault.CorruptBlockLength => "a pcapng block with an impossible length",
        CaptureFault.CorruptSection => "a pcapng section with an unknown byte order",
        CaptureFault.UnknownInterface => "a packet of an interface that was not described",
        CaptureFault.TooManyInterfaces => "more interfaces than any host has",
        CaptureFault.CorruptHepPacket => "no HEP packet where one must begin",
        _ => "the bytes cannot be read",
    };
}
