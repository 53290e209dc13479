using EdgeAgent.Core.Sip;

namespace EdgeAgent.Core.Calls;

/// <summary>
/// Responses to an INVITE that was not seen yet: packets of two interfaces, or of two queues of one card, may come out of order. A ring of a
/// fixed size that allocates nothing once it is filled. Not thread-safe.
/// </summary>
internal sealed class EarlyResponses
{
    /// <summary>More than a reordering ever was; past it the INVITE was not captured.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    private const int Capacity = 128;
    private const int MaxBytes = 1_024;

    private readonly Slot[] _ring = new Slot[Capacity];
    private int _first;
    private int _count;

    /// <summary>When the oldest is past waiting; the end of time when none waits.</summary>
    public DateTimeOffset DueAt => _count == 0 ? DateTimeOffset.MaxValue : _ring[_first].At + Window;

    /// <summary>Keeps what the call table needs of a response.</summary>
    /// <returns>Responses that have now waited in vain: one that gave way, or this one when it does not fit.</returns>
    public int Add(in SipMessage message, in Hop hop, DateTimeOffset at)
    {
        int bytes = message.CallId.Length + message.FromTag.Length + message.ToTag.Length + message.ViaBranch.Length
            + message.SessionExpires.Length + message.Reason.Length;
        if (bytes > MaxBytes)
        {
            return 1;
        }

        int inVain = _count == Capacity ? TakeFirst() : 0;
        ref Slot slot = ref _ring[(_first + _count) % Capacity];
        slot.Fill(message, hop, at);
        _count++;
        return inVain;
    }

    /// <summary>Forgets what is due at <paramref name="now"/>.</summary>
    /// <returns>How many waited in vain.</returns>
    public int Expire(DateTimeOffset now)
    {
        int inVain = 0;
        while (DueAt <= now)
        {
            inVain += TakeFirst();
        }

        return inVain;
    }

    /// <summary>Forgets all.</summary>
    /// <returns>How many waited in vain.</returns>
    public int Clear() => Expire(DateTimeOffset.MaxValue - TimeSpan.FromTicks(1));

    /// <summary>Finds the next response to an INVITE just seen, in order of arrival, and marks it as taken.</summary>
    /// <param name="call">The call that INVITE began or continued.</param>
    /// <param name="message">What the response said; valid until the next <see cref="Add"/>.</param>
    /// <param name="hop">Where it was seen.</param>
    /// <param name="at">When it was seen.</param>
    public bool TryTake(Call call, out SipMessage message, out Hop hop, out DateTimeOffset at)
    {
        for (int i = 0; i < _count; i++)
        {
            ref Slot slot = ref _ring[(_first + i) % Capacity];
            if (!slot.IsTaken && slot.CSeq == call.InviteCSeq && slot.Hop.Trunk == call.Trunk
                && slot.Message.CallId.SequenceEqual(call.CallId) && slot.Message.FromTag.SequenceEqual(call.CallerTag))
            {
                slot.IsTaken = true;
                message = slot.Message;
                hop = slot.Hop;
                at = slot.At;
                return true;
            }
        }

        message = default;
        hop = default;
        at = default;
        return false;
    }

    private int TakeFirst()
    {
        bool isTaken = _ring[_first].IsTaken;
        _first = (_first + 1) % Capacity;
        _count--;
        return isTaken ? 0 : 1;
    }

    private struct Slot
    {
        private byte[]? _bytes;
        private int _callId;
        private int _fromTag;
        private int _toTag;
        private int _branch;
        private int _sessionExpires;
        private int _reason;
        private int _status;

        public uint CSeq { get; private set; }

        public Hop Hop { get; private set; }

        public DateTimeOffset At { get; private set; }

        public bool IsTaken { get; set; }

        public readonly SipMessage Message
        {
            get
            {
                ReadOnlySpan<byte> bytes = _bytes;
                int fromTagAt = _callId;
                int toTagAt = fromTagAt + _fromTag;
                int branchAt = toTagAt + _toTag;
                int sessionExpiresAt = branchAt + _branch;
                int reasonAt = sessionExpiresAt + _sessionExpires;
                return new SipMessage
                {
                    Method = SipMethod.Invite,
                    CSeq = CSeq,
                    StatusCode = _status,
                    CallId = bytes[.._callId],
                    FromTag = bytes.Slice(fromTagAt, _fromTag),
                    ToTag = bytes.Slice(toTagAt, _toTag),
                    ViaBranch = bytes.Slice(branchAt, _branch),
                    SessionExpires = bytes.Slice(sessionExpiresAt, _sessionExpires),
                    Reason = bytes.Slice(reasonAt, _reason),
                };
            }
        }

        public void Fill(in SipMessage message, in Hop hop, DateTimeOffset at)
        {
            (Hop, At, IsTaken, CSeq, _status) = (hop, at, false, message.CSeq, message.StatusCode);
            _bytes ??= new byte[MaxBytes];
            Span<byte> rest = _bytes;
            _callId = Append(ref rest, message.CallId);
            _fromTag = Append(ref rest, message.FromTag);
            _toTag = Append(ref rest, message.ToTag);
            _branch = Append(ref rest, message.ViaBranch);
            _sessionExpires = Append(ref rest, message.SessionExpires);
            _reason = Append(ref rest, message.Reason);
        }

        private static int Append(ref Span<byte> rest, ReadOnlySpan<byte> value)
        {
            value.CopyTo(rest);
            rest = rest[value.Length..];
            return value.Length;
        }
    }
}
