using System.Runtime.CompilerServices;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core.Calls;

/// <summary>One attempt and all that is remembered of it. Owned by <see cref="CallTable"/>; observers read it, on the same thread.</summary>
public sealed partial class Call
{
    private RecentHashes _branches;
    private RecentHashes _seen;
    private byte _branchCount;
    private byte _branchesDone;
    private byte _seenNext;

    internal Call(byte[] callId, byte[] callerTag)
    {
        CallIdBytes = callId;
        CallerTag = callerTag;
    }

    /// <summary>Call-ID as received.</summary>
    public ReadOnlySpan<byte> CallId => CallIdBytes;

    /// <summary>Which way it goes.</summary>
    public CallDirection Direction { get; internal set; }

    /// <summary>Index of the trunk in the trunk table, -1 for none.</summary>
    public int Trunk { get; internal init; } = -1;

    /// <summary>It moves figures: with trunks configured what passes over one of them, without them all but internal calls.</summary>
    public bool IsCounted { get; internal set; }

    /// <summary>Sender of the first INVITE.</summary>
    public UInt128 Source { get; internal init; }

    /// <summary>Receiver of the first INVITE.</summary>
    public UInt128 Destination { get; internal init; }

    /// <summary>Who called whom.</summary>
    public CallParties Parties { get; internal init; }

    /// <summary>The far end's pseudonym once it was asked for.</summary>
    public string? PersonPseudonym { get; internal set; }

    /// <summary>The same before it was written as text; <c>default</c> until asked for, and for a far end that is no number.</summary>
    internal Pseudonym Pseudonym { get; set; }

    /// <summary>Who forwarded it, as shown, once it was asked for.</summary>
    public string? ForwarderName { get; internal set; }

    /// <summary>What showed that it comes of a transfer. Not kept across restarts, as no figure comes of it.</summary>
    public TransferEvidence Transfer { get; internal set; }

    /// <summary>It goes on for a call that was up, see <see cref="NumberCounters.HumanCalls"/>.</summary>
    public bool TakesOver { get; internal set; }

    /// <summary>A rule refused it, and it is to be taken as if that had been done: see <see cref="EngineSettings.HoldsBackRefused"/>.</summary>
    public bool IsHeldBack { get; internal set; }

    /// <summary>Restored after a restart: the far end is known by its pseudonym only.</summary>
    internal bool IsPersonForgotten => PersonPseudonym is not null && !Parties.Person.IsNumber && Parties.PersonText is null;

    /// <summary>Line of the agent who dialled it, as a hash; of a call on a trunk for as long as the line is busy with it. 0 for none.</summary>
    public ulong Seat { get; internal set; }

    /// <summary>Of a phone's leg: the attempt it led to on a trunk, the last of several.</summary>
    internal Call? Dialled { get; set; }

    /// <summary>Of an attempt on a trunk that is just beginning: the one before it that the same phone's leg led to.</summary>
    internal Call? Former { get; set; }

    /// <summary>Of an inbound call: attempts that carried it on.</summary>
    internal int SentOn { get; set; }

    /// <summary>Where it stands.</summary>
    public CallState State { get; internal set; }

    /// <summary>First INVITE.</summary>
    public DateTimeOffset Start { get; internal init; }

    /// <summary>First 18x, <c>default</c> when none.</summary>
    public DateTimeOffset RangAt { get; internal set; }

    /// <summary>First 180, <c>default</c> when none.</summary>
    public DateTimeOffset Ringing180At { get; internal set; }

    /// <summary>First 183, <c>default</c> when none.</summary>
    public DateTimeOffset Progress183At { get; internal set; }

    /// <summary>First 2xx, <c>default</c> when none.</summary>
    public DateTimeOffset AnsweredAt { get; internal set; }

    /// <summary>Final response of an attempt that was not answered, or the BYE that ended the call; <c>default</c> where not seen.</summary>
    public DateTimeOffset EndedAt { get; internal set; }

    /// <summary>When it was no more up, see <see cref="ICallObserver.OnUpChanged"/>.</summary>
    internal DateTimeOffset DownAt { get; set; }

    /// <summary>Last message of it.</summary>
    public DateTimeOffset LastSeen { get; internal set; }

    /// <summary>Last final status, 0 when none.</summary>
    public int Status { get; internal set; }

    /// <summary>The last final response says an analytics engine blocked the call.</summary>
    public bool IsNetworkBlock { get; internal set; }

    /// <summary>Given with the first 2xx or with the end; null while open.</summary>
    public Disposition? Disposition { get; internal set; }

    /// <summary>What showed its end.</summary>
    public EndEvidence EndEvidence { get; internal set; }

    /// <summary>A CANCEL was seen.</summary>
    public bool IsCancelled { get; internal set; }

    /// <summary>Its direction is <see cref="CallDirection.Unknown"/> only until more was seen of the hosts it passes between.</summary>
    public bool IsUndecided { get; internal set; }

    /// <summary>Begun because the same call had been challenged or redirected on another trunk: no further human call.</summary>
    public bool FollowsChallenge { get; internal set; }

    /// <summary>It was open when the agent went blind, and nothing was seen of it since.</summary>
    public bool IsAcrossBlind { get; internal set; }

    /// <summary>A response to the current INVITE was seen.</summary>
    public bool HasResponse { get; internal set; }

    /// <summary>First 18x to the final response; null without 18x or without end.</summary>
    public TimeSpan? Ring =>
        RangAt == default ? null
        : AnsweredAt != default ? Positive(AnsweredAt - RangAt)
        : EndedAt != default ? Positive(EndedAt - RangAt)
        : null;

    /// <summary>First 2xx to the confirmed BYE; null for any other end.</summary>
    public TimeSpan? Talk =>
        State == CallState.Ended && EndEvidence == EndEvidence.Bye ? Positive(EndedAt - AnsweredAt) : null;

    /// <summary>Who hung up: the side whose BYE came first in the dialog that ended last.</summary>
    public CallSide HungUpBy
    {
        get
        {
            if (State != CallState.Ended || EndEvidence != EndEvidence.Bye || LastDialogToEnd() is not { } dialog)
            {
                return CallSide.None;
            }

            return dialog.IsByeFromCaller == (Direction != CallDirection.Inbound) ? CallSide.Number : CallSide.Person;
        }
    }

    internal byte[] CallIdBytes { get; }

    internal byte[] CallerTag { get; }

    internal byte[]? TransferredFromBytes { get; set; }

    /// <summary>Was asked to call another number: the called one may change. Not kept across restarts, which forget the person too.</summary>
    internal bool IsSentElsewhere { get; set; }

    internal uint FirstInviteCSeq { get; init; }

    internal uint InviteCSeq { get; set; }

    internal DateTimeOffset InviteAt { get; set; }

    /// <summary>A final response seen on another hop than the caller's own: it stands only if the caller's never comes.</summary>
    internal int ElsewhereStatus { get; set; }

    internal DateTimeOffset ElsewhereAt { get; set; }

    /// <summary>ACK to a refusal that was not captured (RFC 3261 §17.1.1.3); <c>default</c> when none.</summary>
    internal DateTimeOffset LostRefusalAt { get; set; }

    /// <summary>Highest CSeq of the caller's requests.</summary>
    internal uint CallerCSeq { get; set; }

    /// <summary>Highest CSeq of the callee's requests.</summary>
    internal uint CalleeCSeq { get; set; }

    internal Dialog? Dialogs { get; set; }

    /// <summary>Hash of the callee's tag in the last ACK; 0 when none was seen.</summary>
    internal ulong LastAcknowledgedTag { get; set; }

    /// <summary>A BYE seen before any 2xx: the directions of a stream may fall apart in time. Null nearly always; not kept across restarts.</summary>
    internal Dialog? EarlyBye { get; set; }

    /// <summary>Negotiated session interval (RFC 4028), zero when there is no session timer.</summary>
    internal TimeSpan SessionInterval { get; set; }

    internal DateTimeOffset SessionRefreshedAt { get; set; }

    internal Call? NextSameCallId { get; set; }

    internal DateTimeOffset Deadline { get; set; }

    internal long WheelSecond { get; set; }

    internal Call? WheelPrevious { get; set; }

    internal Call? WheelNext { get; set; }

    internal bool IsOnWheel { get; set; }

    /// <summary>What the caller's side is shown as: one picture for whoever lists calls.</summary>
    /// <param name="trunkName">Name of <see cref="Trunk"/>.</param>
    public CallRecord ToRecord(string? trunkName) => new()
    {
        CallId = System.Text.Encoding.UTF8.GetString(CallIdBytes),
        Start = Start,
        Direction = Direction,
        IsCounted = IsCounted,
        Number = Parties.Number,
        Person = PersonPseudonym,
        Trunk = trunkName,
        Disposition = Disposition,
        Status = Status == 0 ? null : Status,
        AnsweredAt = AnsweredAt == default ? null : AnsweredAt,
        EndedAt = EndedAt == default ? null : EndedAt,
        EndEvidence = EndEvidence,
        HungUpBy = HungUpBy,
        Transfer = Transfer,
        TransferredFrom = TransferredFromBytes is null ? null : System.Text.Encoding.UTF8.GetString(TransferredFromBytes),
        ForwardedBy = ForwarderName,
        Ring = Ring,
        Talk = Talk,
    };

    /// <summary>The dialog whose BYE came last; null without dialog.</summary>
    internal Dialog? LastDialogToEnd()
    {
        Dialog? last = Dialogs;
        for (Dialog? dialog = Dialogs; dialog is not null; dialog = dialog.Next)
        {
            last = dialog.ByeAt > last!.ByeAt ? dialog : last;
        }

        return last;
    }

    /// <summary>A new INVITE transaction of the caller's own hop begins: its branch comes first.</summary>
    internal void BeginTransaction(ulong branch)
    {
        _branches[0] = branch;
        _branchCount = 1;
        _branchesDone = 0;
        HasResponse = false;
        IsCancelled = false;
        LostRefusalAt = default;
        ElsewhereAt = default;
        ElsewhereStatus = 0;
        EndedAt = default;
        Status = 0;
    }

    /// <summary>Remembers a further branch of the current INVITE; false when it was known.</summary>
    internal bool TryAddBranch(ulong branch)
    {
        if (IndexOfBranch(branch) >= 0)
        {
            return false;
        }

        if (_branchCount < RecentHashes.Length)
        {
            _branches[_branchCount++] = branch;
        }

        return true;
    }

    internal bool KnowsBranch(ulong branch) => IndexOfBranch(branch) >= 0;

    /// <summary>The branch is the caller's own, or one whose INVITE was not seen.</summary>
    internal bool IsOwnBranch(ulong branch) => IndexOfBranch(branch) <= 0;

    /// <summary>Marks a branch refused; true when no other branch may still answer.</summary>
    internal bool IsLastBranch(ulong branch)
    {
        int index = IndexOfBranch(branch);
        if (index >= 0)
        {
            _branchesDone |= (byte)(1 << index);
        }

        return _branchesDone == (1 << _branchCount) - 1 || index < 0;
    }

    /// <summary>True the second time a message with this fingerprint is seen, within the last few messages.</summary>
    internal bool IsRepeat(ulong fingerprint)
    {
        foreach (ulong seen in (ReadOnlySpan<ulong>)_seen)
        {
            if (seen == fingerprint)
            {
                return true;
            }
        }

        _seen[_seenNext] = fingerprint;
        _seenNext = (byte)((_seenNext + 1) % RecentHashes.Length);
        return false;
    }

    private static TimeSpan Positive(TimeSpan span) => span < TimeSpan.Zero ? TimeSpan.Zero : span;

    private int IndexOfBranch(ulong branch) => ((ReadOnlySpan<ulong>)_branches)[.._branchCount].IndexOf(branch);

    [InlineArray(Length)]
    private struct RecentHashes
    {
        public const int Length = 8;
        private ulong _first;
    }
}
