namespace EdgeAgent.Core.Sip;

/// <summary>
/// Reads the head of a SIP message in one pass (RFC 3261 §7, §25). Pure, allocates nothing, never throws on input; bytes after
/// the head (body, surplus of a datagram) are never looked at.
/// </summary>
public static class SipParser
{
    private const long MaxCSeq = int.MaxValue;

    /// <summary>
    /// Whether a datagram only keeps a NAT binding open: nothing but CR, LF, NUL, blanks (RFC 5626 §3.5.1 and what phones send
    /// in its place), or the word <c>hello</c>. Such bytes are neither SIP nor a rejection.
    /// </summary>
    public static bool IsKeepAlive(ReadOnlySpan<byte> bytes)
    {
        bool mayBeKeepAlive = bytes.IsEmpty || bytes[0] is 0 or (byte)'\r' or (byte)'\n' or (byte)' ' or (byte)'h';
        return mayBeKeepAlive && (!bytes.ContainsAnyExcept("\0\r\n "u8) || bytes.SequenceEqual("hello"u8));
    }

    /// <summary>Reads one message.</summary>
    /// <param name="bytes">A datagram, or a message cut from a stream; empty lines before the start line are skipped.</param>
    /// <param name="limits">Sizes past which the message is refused.</param>
    /// <param name="message">Views on <paramref name="bytes"/>; only set when the result is <see cref="SipRejection.None"/>.</param>
    /// <returns>
    /// Why the message is refused, or none. A head cut off by the snap length is accepted when all that is mandatory came
    /// before the cut; a cut line itself is never read, since half a Call-ID is another Call-ID.
    /// </returns>
    public static SipRejection TryParse(ReadOnlySpan<byte> bytes, SipLimits limits, out SipMessage message)
    {
        message = default;
        bytes = SkipEmptyLines(bytes);
        bool isOverLimit = bytes.Length > limits.MaxHeadBytes;
        ReadOnlySpan<byte> head = isOverLimit ? bytes[..limits.MaxHeadBytes] : bytes;
        int lineEnd = head.IndexOf((byte)'\n');
        if (lineEnd < 0)
        {
            return RejectWithoutLine(head, isOverLimit);
        }

        if (!SipStartLine.TryRead(head[..lineEnd], out SipStartLine startLine))
        {
            return SipRejection.NotSip;
        }

        SipHeaderScanner scanner = new(head[(lineEnd + 1)..]);
        SipHeaderFields fields = default;
        SipRejection rejection = fields.ReadAll(ref scanner, limits.MaxHeaderLines, out bool isCut);
        if (rejection == SipRejection.None && isCut && isOverLimit)
        {
            rejection = SipRejection.HeadTooLarge;
        }

        if (rejection == SipRejection.None)
        {
            rejection = ReadFields(in startLine, in fields, ref message);
            bool isMissing = rejection is SipRejection.NoCallId or SipRejection.BadCSeq
                or SipRejection.NoFrom or SipRejection.NoTo;
            rejection = isCut && isMissing ? SipRejection.Truncated : rejection;
        }

        return rejection;
    }

    private static ReadOnlySpan<byte> SkipEmptyLines(ReadOnlySpan<byte> bytes)
    {
        int start = 0;
        while (start < bytes.Length && bytes[start] is (byte)'\r' or (byte)'\n')
        {
            start++;
        }

        return bytes[start..];
    }

    private static SipRejection RejectWithoutLine(ReadOnlySpan<byte> head, bool isOverLimit) =>
        head.IsEmpty || !SipStartLine.CanBegin(head) ? SipRejection.NotSip
        : isOverLimit ? SipRejection.HeadTooLarge
        : SipRejection.Truncated;

    private static SipRejection ReadFields(
        scoped in SipStartLine startLine, scoped in SipHeaderFields fields, ref SipMessage message)
    {
        if (fields.CallId.IsEmpty)
        {
            return SipRejection.NoCallId;
        }

        if (!TryReadCSeq(fields.CSeq, out uint number, out SipMethod method, out ReadOnlySpan<byte> methodToken))
        {
            return SipRejection.BadCSeq;
        }

        if (!NameAddr.TryReadTag(fields.From, out ReadOnlySpan<byte> fromTag))
        {
            return SipRejection.NoFrom;
        }

        if (!NameAddr.TryReadTag(fields.To, out ReadOnlySpan<byte> toTag))
        {
            return SipRejection.NoTo;
        }

        bool isRequest = startLine.StatusCode == 0;
        if (isRequest && (method != startLine.Method || !methodToken.SequenceEqual(startLine.MethodToken)))
        {
            return SipRejection.CSeqMethodMismatch;
        }

        message = new SipMessage
        {
            IsRequest = isRequest,
            Method = method,
            RequestUri = startLine.RequestUri,
            StatusCode = startLine.StatusCode,
            ReasonPhrase = startLine.ReasonPhrase,
            CallId = fields.CallId,
            CSeq = number,
            From = fields.From,
            FromTag = fromTag,
            To = fields.To,
            ToTag = toTag,
            ViaBranch = ReadBranch(fields.Via),
            PAssertedIdentity = fields.PAssertedIdentity,
            PAssertedIdentity2 = fields.PAssertedIdentity2,
            PPreferredIdentity = fields.PPreferredIdentity,
            RemotePartyId = fields.RemotePartyId,
            Privacy = fields.Privacy,
            Diversion = fields.Diversion,
            SessionExpires = fields.SessionExpires,
            Reason = fields.Reason,
            Identity = fields.Identity,
            FurtherIdentities = fields.FurtherIdentities,
            HistoryInfo = fields.HistoryInfo,
            HistoryInfoBefore = fields.HistoryInfoBefore,
            ReferTo = fields.ReferTo,
            ReferredBy = fields.ReferredBy,
            Replaces = fields.Replaces,
            ContentLength = ReadContentLength(fields.ContentLength),
        };
        return SipRejection.None;
    }

    private static bool TryReadCSeq(
        ReadOnlySpan<byte> value, out uint number, out SipMethod method, out ReadOnlySpan<byte> methodToken)
    {
        number = 0;
        method = default;
        methodToken = default;
        int digits = 0;
        while (digits < value.Length && value[digits] is >= (byte)'0' and <= (byte)'9')
        {
            digits++;
        }

        if (digits == value.Length || !SipText.IsWhiteSpace(value[digits])
            || !SipText.TryReadNumber(value[..digits], MaxCSeq, out long read) || read > MaxCSeq)
        {
            return false;
        }

        number = (uint)read;
        methodToken = SipText.Trim(value[digits..]);
        return SipMethodName.TryRead(methodToken, out method);
    }

    /// <summary>The branch of the topmost Via, the first of the comma list (RFC 3261 §8.1.1.7).</summary>
    private static ReadOnlySpan<byte> ReadBranch(ReadOnlySpan<byte> via)
    {
        int position = via.IndexOfAny((byte)';', (byte)',', (byte)'"');
        while (position >= 0 && via[position] == (byte)';')
        {
            ReadOnlySpan<byte> rest = via[(position + 1)..];
            int end = rest.IndexOfAny((byte)';', (byte)',', (byte)'"');
            if (rest.StartsWith("branch="u8) && (end < 0 || rest[end] != (byte)'"'))
            {
                return SipText.Trim(end < 0 ? rest[7..] : rest[7..end]);
            }

            position = end < 0 ? -1 : position + 1 + end;
        }

        return ReadBranchSlowly(via);
    }

    /// <summary>Every spelling there is: white space, other case, quoted parameters before the branch.</summary>
    private static ReadOnlySpan<byte> ReadBranchSlowly(ReadOnlySpan<byte> via)
    {
        int comma = CommaList.IndexOfComma(via);
        SipParameters parameters = new(comma < 0 ? via : via[..comma]);
        return parameters.TryGet("branch"u8, out ReadOnlySpan<byte> branch) ? branch : default;
    }

    private static int ReadContentLength(ReadOnlySpan<byte> value) =>
        SipText.TryReadNumber(value, int.MaxValue, out long length) && length <= int.MaxValue ? (int)length : -1;
}
