using System.Runtime.CompilerServices;

namespace EdgeAgent.Core.Metrics;

/// <summary>
/// Raw counters of one number over one interval: a minute, a day, a whole capture. Sums and maxima only, so that intervals can be put
/// together; ratios are computed from them by <see cref="Ratios"/>. Outbound unless a name says otherwise. Not thread-safe: owned by one thread.
/// </summary>
public sealed class NumberCounters
{
    private DispositionCounts _dispositions;
    private TimeHistogram _talkTimes;
    private TimeHistogram _ringTimes;
    private TimeHistogram _postDialTimes;

    /// <summary>Outbound attempts (agent/DEFINITIONS.md).</summary>
    public long Attempts { get; set; }

    /// <summary>Attempts with a 2xx.</summary>
    public long Answered { get; set; }

    /// <summary>Answered calls whose BYE was confirmed; the denominator of ACD.</summary>
    public long AnsweredEnded { get; set; }

    /// <summary>Answered calls that ended without a confirmed BYE; their talk time is in no sum.</summary>
    public long UnknownEnd { get; set; }

    /// <summary>Sum of talk time of <see cref="AnsweredEnded"/>.</summary>
    public TimeSpan Talk { get; set; }

    /// <summary>Sum of ring time: first 18x to the final response.</summary>
    public TimeSpan Ring { get; set; }

    /// <summary>Sum of post-dial delay: INVITE to the first 18x; over <see cref="PostDialCount"/> attempts.</summary>
    public TimeSpan PostDial { get; set; }

    /// <summary>Attempts that got an 18x.</summary>
    public long PostDialCount { get; set; }

    /// <summary>Sum of INVITE to first 180; over <see cref="Ringing180Count"/> attempts.</summary>
    public TimeSpan PostDial180 { get; set; }

    /// <summary>Attempts that got a 180.</summary>
    public long Ringing180Count { get; set; }

    /// <summary>Sum of INVITE to first 183; over <see cref="Progress183Count"/> attempts.</summary>
    public TimeSpan PostDial183 { get; set; }

    /// <summary>Attempts that got a 183.</summary>
    public long Progress183Count { get; set; }

    /// <summary>Attempts that asked for privacy although a number was asserted.</summary>
    public long Withheld { get; set; }

    /// <summary>Attempts whose identity headers held different valid numbers.</summary>
    public long IdentityConflict { get; set; }

    /// <summary>Inbound attempts to this number (call-backs).</summary>
    public long InboundAttempts { get; set; }

    /// <summary>Inbound attempts answered.</summary>
    public long InboundAnswered { get; set; }

    /// <summary>Inbound answered calls with a confirmed BYE.</summary>
    public long InboundAnsweredEnded { get; set; }

    /// <summary>Inbound answered calls without one.</summary>
    public long InboundUnknownEnd { get; set; }

    /// <summary>Talk time of <see cref="InboundAnsweredEnded"/>.</summary>
    public TimeSpan InboundTalk { get; set; }

    /// <summary>Calls of <see cref="AnsweredEnded"/> that the company's side hung up.</summary>
    public long EndedByNumber { get; set; }

    /// <summary>Calls of <see cref="AnsweredEnded"/> that the far end hung up.</summary>
    public long EndedByPerson { get; set; }

    /// <summary>Calls of <see cref="InboundAnsweredEnded"/> that the company's side hung up.</summary>
    public long InboundEndedByNumber { get; set; }

    /// <summary>Calls of <see cref="InboundAnsweredEnded"/> that the far end hung up.</summary>
    public long InboundEndedByPerson { get; set; }

    /// <summary>Attempts over a carrier that is not in <c>trunks:</c>; in no other counter.</summary>
    public long UnlistedTrunk { get; set; }

    /// <summary>Facts whose own minute was sealed when they became known; already in the counters above.</summary>
    public long Late { get; set; }

    /// <summary>Attempts that do not go on for one that failed just before: what a human would count as calls.</summary>
    public long HumanCalls { get; set; }

    /// <summary>Attempts for which full attestation (A) was shown.</summary>
    public long AttestationA { get; set; }

    /// <summary>Attempts for which partial attestation (B) was shown.</summary>
    public long AttestationB { get; set; }

    /// <summary>Attempts for which gateway attestation (C) was shown.</summary>
    public long AttestationC { get; set; }

    /// <summary>Attempts whose PASSporT names another number than the caller ID counted.</summary>
    public long AttestationOriginMismatch { get; set; }

    /// <summary>Attempts whose Identity header cannot be read.</summary>
    public long AttestationMalformed { get; set; }

    /// <summary>Attempts that were forwarded, by Diversion or History-Info.</summary>
    public long Forwarded { get; set; }

    /// <summary>Inbound attempts that were forwarded.</summary>
    public long InboundForwarded { get; set; }

    /// <summary>Longest talk time in <see cref="Talk"/>.</summary>
    public TimeSpan MaxTalk { get; set; }

    /// <summary>Longest ring time in <see cref="Ring"/>.</summary>
    public TimeSpan MaxRing { get; set; }

    /// <summary>Longest post-dial delay in <see cref="PostDial"/>.</summary>
    public TimeSpan MaxPostDial { get; set; }

    /// <summary>Most calls of the number, of both directions, that were up at once; known when the minute is sealed.</summary>
    public long ConcurrentPeak { get; set; }

    /// <summary>Attempts to a person whom the number had not called that civil day.</summary>
    public long NewCallees { get; set; }

    /// <summary>Attempts to a person whom the number had called that civil day.</summary>
    public long RepeatAttempts { get; set; }

    /// <summary>Attempts to a person who could not be read, or could not be remembered any more.</summary>
    public long UnknownCallees { get; set; }

    /// <summary>Talk time of <see cref="AnsweredEnded"/> by class (<see cref="TimeHistogram.TalkBounds"/>).</summary>
    public ref TimeHistogram TalkTimes => ref _talkTimes;

    /// <summary>Ring time of attempts that rang, by class (<see cref="TimeHistogram.RingBounds"/>).</summary>
    public ref TimeHistogram RingTimes => ref _ringTimes;

    /// <summary>Post-dial delay of <see cref="PostDialCount"/> by class (<see cref="TimeHistogram.PostDialBounds"/>).</summary>
    public ref TimeHistogram PostDialTimes => ref _postDialTimes;

    /// <summary>What guards said about attempts.</summary>
    public GuardCounts Guards { get; } = new();

    /// <summary>Final status codes of attempts.</summary>
    public StatusHistogram Status { get; } = new();

    /// <summary>Attempts with disposition <paramref name="disposition"/>.</summary>
    public ref long this[Disposition disposition] => ref _dispositions[(int)disposition];

    /// <summary>Sum over all dispositions; attempts minus this is <c>open</c>.</summary>
    public long Disposed
    {
        get
        {
            long sum = 0;
            foreach (long count in (ReadOnlySpan<long>)_dispositions)
            {
                sum += count;
            }

            return sum;
        }
    }

    /// <summary>Adds every counter of <paramref name="other"/>; of maxima the higher stands.</summary>
    public void Add(NumberCounters other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Attempts += other.Attempts;
        Answered += other.Answered;
        AnsweredEnded += other.AnsweredEnded;
        UnknownEnd += other.UnknownEnd;
        Talk += other.Talk;
        Ring += other.Ring;
        PostDial += other.PostDial;
        PostDialCount += other.PostDialCount;
        PostDial180 += other.PostDial180;
        Ringing180Count += other.Ringing180Count;
        PostDial183 += other.PostDial183;
        Progress183Count += other.Progress183Count;
        Withheld += other.Withheld;
        IdentityConflict += other.IdentityConflict;
        InboundAttempts += other.InboundAttempts;
        InboundAnswered += other.InboundAnswered;
        InboundAnsweredEnded += other.InboundAnsweredEnded;
        InboundUnknownEnd += other.InboundUnknownEnd;
        InboundTalk += other.InboundTalk;
        EndedByNumber += other.EndedByNumber;
        EndedByPerson += other.EndedByPerson;
        InboundEndedByNumber += other.InboundEndedByNumber;
        InboundEndedByPerson += other.InboundEndedByPerson;
        UnlistedTrunk += other.UnlistedTrunk;
        Late += other.Late;
        HumanCalls += other.HumanCalls;
        AttestationA += other.AttestationA;
        AttestationB += other.AttestationB;
        AttestationC += other.AttestationC;
        AttestationOriginMismatch += other.AttestationOriginMismatch;
        AttestationMalformed += other.AttestationMalformed;
        Forwarded += other.Forwarded;
        InboundForwarded += other.InboundForwarded;
        MaxTalk = Longer(MaxTalk, other.MaxTalk);
        MaxRing = Longer(MaxRing, other.MaxRing);
        MaxPostDial = Longer(MaxPostDial, other.MaxPostDial);
        ConcurrentPeak = Math.Max(ConcurrentPeak, other.ConcurrentPeak);
        NewCallees += other.NewCallees;
        RepeatAttempts += other.RepeatAttempts;
        UnknownCallees += other.UnknownCallees;
        _talkTimes.Add(other._talkTimes);
        _ringTimes.Add(other._ringTimes);
        _postDialTimes.Add(other._postDialTimes);
        Status.Add(other.Status);
        Guards.Add(other.Guards);
        for (int i = 0; i < DispositionCounts.Length; i++)
        {
            _dispositions[i] += other._dispositions[i];
        }
    }

    /// <summary>The longer of two durations.</summary>
    internal static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    [InlineArray(Length)]
    private struct DispositionCounts
    {
        public const int Length = 8;
        private long _first;
    }
}
