using System.Buffers;
using EdgeAgent.Core.Sip;

namespace EdgeAgent.Core.Packets;

/// <summary>Finds frames that begin a SIP message in bytes of which nothing is known.</summary>
internal static class WebSocketStart
{
    /// <summary>Enough of a payload to see a method and the scheme of a Request-URI.</summary>
    private const int ProofBytes = 40;

    /// <summary>First bytes of frames that begin a message: text or binary, final or not.</summary>
    private static readonly SearchValues<byte> FirstBytes = SearchValues.Create(0x01, 0x02, 0x81, 0x82);

    /// <summary>Looks for the first such frame.</summary>
    /// <param name="bytes">Bytes from anywhere in a stream.</param>
    /// <param name="maxFrameBytes">Longest frame that is believed.</param>
    /// <param name="at">Where it begins, or may begin; the length of <paramref name="bytes"/> where none does.</param>
    public static StartLineMatch Seek(ReadOnlySpan<byte> bytes, long maxFrameBytes, out int at)
    {
        at = 0;
        while (true)
        {
            int next = bytes[at..].IndexOfAny(FirstBytes);
            if (next < 0)
            {
                at = bytes.Length;
                return StartLineMatch.No;
            }

            at += next;
            StartLineMatch match = Match(bytes[at..], maxFrameBytes);
            if (match != StartLineMatch.No)
            {
                return match;
            }

            at++;
        }
    }

    /// <summary>Whether the bytes begin with a frame that begins a SIP message.</summary>
    public static StartLineMatch Match(ReadOnlySpan<byte> bytes, long maxFrameBytes)
    {
        if (bytes.IsEmpty || !FirstBytes.Contains(bytes[0]))
        {
            return StartLineMatch.No;
        }

        FrameResult result = WebSocketFrame.TryRead(bytes, out WebSocketFrame frame);
        if (!result.IsComplete)
        {
            return result.Rejection == SipRejection.None ? StartLineMatch.Perhaps : StartLineMatch.No;
        }

        if (frame.TotalBytes > maxFrameBytes)
        {
            return StartLineMatch.No;
        }

        ReadOnlySpan<byte> rest = bytes[frame.HeadBytes..];
        Span<byte> proof = stackalloc byte[ProofBytes];
        int wanted = (int)Math.Min(ProofBytes, frame.PayloadBytes);
        proof = proof[..Math.Min(wanted, rest.Length)];
        rest[..proof.Length].CopyTo(proof);
        frame.Unmask(proof);
        return StartLine.IsLikely(proof) ? StartLineMatch.Yes
            : proof.Length < wanted && StartLine.Match(proof, out _) != StartLineMatch.No ? StartLineMatch.Perhaps
            : StartLineMatch.No;
    }
}
