namespace EdgeAgent.Core.Sip;

/// <summary>Tells from the head alone how long a message on a stream is, or why it cannot be one.</summary>
internal static class SipHeadMeasure
{
    /// <summary>Looks for the end of the head and for Content-Length.</summary>
    /// <param name="bytes">Contiguous bytes from the start line on.</param>
    /// <param name="limits">Sizes past which the peer is refused.</param>
    /// <param name="total">Head and body in bytes, when complete.</param>
    /// <returns>Complete when the head is; <c>default</c> when it is not and may still become one.</returns>
    public static FrameResult Read(ReadOnlySpan<byte> bytes, SipLimits limits, out long total)
    {
        total = 0;
        ReadOnlySpan<byte> head = bytes[..Math.Min(bytes.Length, limits.MaxHeadBytes)];
        int lineEnd = head.IndexOf((byte)'\n');
        if (lineEnd < 0 ? !SipStartLine.CanBegin(head) : !SipStartLine.TryRead(head[..lineEnd], out _))
        {
            return FrameResult.Rejected(SipRejection.NotSip);
        }

        FrameResult incomplete = head.Length < bytes.Length ? FrameResult.Rejected(SipRejection.HeadTooLarge) : default;
        if (lineEnd < 0)
        {
            return incomplete;
        }

        SipHeaderScanner scanner = new(head[(lineEnd + 1)..]);
        long bodyBytes = -1;
        HeaderStep step;
        while ((step = scanner.ReadNext(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)) < HeaderStep.End)
        {
            if (step == HeaderStep.Header && SipHeaderName.IsContentLength(name))
            {
                SipRejection rejection = Take(value, limits, ref bodyBytes);
                if (rejection != SipRejection.None)
                {
                    return FrameResult.Rejected(rejection);
                }
            }
        }

        total = lineEnd + 1 + scanner.Position + Math.Max(bodyBytes, 0);
        return step == HeaderStep.End ? FrameResult.Complete : incomplete;
    }

    /// <summary>Takes one Content-Length; absent it is 0 (RFC 3261 §20.14 demands it, some senders forget it).</summary>
    private static SipRejection Take(ReadOnlySpan<byte> value, SipLimits limits, ref long bodyBytes)
    {
        if (!SipText.TryReadNumber(SipText.Trim(value), limits.MaxBodyBytes, out long read))
        {
            return SipRejection.BadContentLength;
        }

        if (read > limits.MaxBodyBytes)
        {
            return SipRejection.BodyTooLarge;
        }

        bool isFirst = bodyBytes < 0;
        bool isSame = bodyBytes == read;
        bodyBytes = read;
        return isFirst || isSame ? SipRejection.None : SipRejection.BadContentLength;
    }
}
