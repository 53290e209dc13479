using System.Buffers;
using System.Buffers.Binary;
using EdgeAgent.Core.Hep;
using EdgeAgent.Core.Sip;

namespace EdgeAgent.Core.Packets;

/// <summary>
/// Takes HEP version 3 packets off a TCP stream. A stream is HEP when it begins with one, or when a segment does while nothing
/// is known of its stream yet; versions 1 and 2 have no length and are not sent over TCP.
/// </summary>
/// <param name="isOn">Off, HEP over TCP is another protocol.</param>
/// <param name="maxProbeBytes">Bytes without a packet after which a stream is HEP no more.</param>
internal sealed class HepCutter(bool isOn, int maxProbeBytes)
{
    /// <summary>Header of the packet and of its first chunk: vendor, type, length.</summary>
    private const int ProofBytes = HepParser.HeaderBytes + HepParser.ChunkHeaderBytes;

    private static ReadOnlySpan<byte> Magic => "HEP3"u8;

    /// <summary>Whether a segment begins with a packet.</summary>
    public bool IsLikely(ReadOnlySpan<byte> segment) => isOn && Match(segment) == StartLineMatch.Yes;

    /// <summary>Looks for the next packet: at the beginning of a stream, or anywhere in one that is known to be HEP and lost bytes.</summary>
    /// <param name="flow">Direction the bytes are of.</param>
    /// <param name="bytes">Unread bytes.</param>
    /// <param name="at">Where a packet begins, or may begin; the length of <paramref name="bytes"/> where none does.</param>
    public StartLineMatch Seek(TcpFlow flow, ReadOnlySpan<byte> bytes, out int at)
    {
        at = 0;
        bool isBeginning = !flow.HasSip && flow.ProbedBytes == 0 && !flow.IsMidLine;
        while (isOn && at < bytes.Length && (flow.IsHep || (isBeginning && at == 0)))
        {
            StartLineMatch match = Match(bytes[at..]);
            if (match != StartLineMatch.No)
            {
                return match;
            }

            int next = bytes[(at + 1)..].IndexOf(Magic[0]);
            at = next < 0 ? bytes.Length : at + 1 + next;
        }

        at = bytes.Length;
        return StartLineMatch.No;
    }

    /// <summary>Counts bytes passed over in a stream that was HEP.</summary>
    public void OnSkipped(TcpFlow flow, int bytes)
    {
        flow.ProbedBytes += bytes;
        if (flow.ProbedBytes > maxProbeBytes)
        {
            flow.IsHep = false;
            flow.HasSip = false;
        }
    }

    /// <summary>Cuts the first packet off <paramref name="buffer"/>; rejected where none begins there.</summary>
    public static FrameResult TryCut(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> packet)
    {
        packet = default;
        if (buffer.Length < HepParser.HeaderBytes)
        {
            return default;
        }

        Span<byte> header = stackalloc byte[HepParser.HeaderBytes];
        buffer.Slice(0, HepParser.HeaderBytes).CopyTo(header);
        if (!HepParser.TryReadLength(header, out int length))
        {
            return FrameResult.Rejected(SipRejection.NotSip);
        }

        if (buffer.Length < length)
        {
            return default; // at most 64 KiB: the length has 16 bits
        }

        packet = buffer.Slice(0, length);
        buffer = buffer.Slice(length);
        return FrameResult.Complete;
    }

    /// <summary>Every sender begins with a chunk of the generic kind. Without this proof a few bytes in front would hide plain SIP.</summary>
    private static StartLineMatch Match(ReadOnlySpan<byte> bytes)
    {
        int known = Math.Min(Magic.Length, bytes.Length);
        if (!bytes[..known].SequenceEqual(Magic[..known]))
        {
            return StartLineMatch.No;
        }

        if (bytes.Length < ProofBytes)
        {
            return StartLineMatch.Perhaps;
        }

        ReadOnlySpan<byte> chunk = bytes[HepParser.HeaderBytes..];
        return HepParser.TryReadLength(bytes, out int length)
            && BinaryPrimitives.ReadUInt16BigEndian(chunk) == 0
            && BinaryPrimitives.ReadUInt16BigEndian(chunk[4..]) is var chunkLength
            && chunkLength >= HepParser.ChunkHeaderBytes && chunkLength <= length - HepParser.HeaderBytes
                ? StartLineMatch.Yes
                : StartLineMatch.No;
    }
}
