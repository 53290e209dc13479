using EdgeAgent.Core.Guard;

namespace EdgeAgent.Core.Metrics;

/// <summary>What a counter's integer means.</summary>
public enum CounterUnit
{
    /// <summary>A number of things.</summary>
    Count = 0,

    /// <summary>A duration in 100 ns, written in JSON as decimal seconds.</summary>
    Duration,
}

/// <summary>What becomes of a counter when intervals are put together.</summary>
public enum CounterMerge
{
    /// <summary>Intervals add up.</summary>
    Sum = 0,

    /// <summary>The highest of them stands.</summary>
    Highest,
}

/// <summary>One counter of <see cref="NumberCounters"/>: its JSON name, the object it stands in (null: the row itself) and its accessors.</summary>
public sealed record CounterField(
    string? Group, string Name, CounterUnit Unit, Func<NumberCounters, long> Read, Action<NumberCounters, long> Write)
{
    /// <summary>How intervals are put together.</summary>
    public CounterMerge Merge { get; init; }

    /// <summary>Puts the value of another interval to that of <paramref name="counters"/>.</summary>
    public void AddTo(NumberCounters counters, long value)
    {
        long own = Read(counters);
        Write(counters, Merge == CounterMerge.Sum ? own + value : Math.Max(own, value));
    }
}

/// <summary>Every counter once, for JSON and for disk, so that none can be forgotten in either.</summary>
public static class CounterFields
{
    /// <summary>Position is the identity on disk: append, never reorder.</summary>
    public static IReadOnlyList<CounterField> All { get; } =
    [
        Count(null, "attempts", c => c.Attempts, (c, v) => c.Attempts = v),
        Count(null, "answered", c => c.Answered, (c, v) => c.Answered = v),
        Count(null, "answeredEnded", c => c.AnsweredEnded, (c, v) => c.AnsweredEnded = v),
        Count(null, "unknownEnd", c => c.UnknownEnd, (c, v) => c.UnknownEnd = v),
        Duration(null, "talkSeconds", c => c.Talk, (c, v) => c.Talk = v),
        Duration(null, "ringSeconds", c => c.Ring, (c, v) => c.Ring = v),
        Duration(null, "postDialSeconds", c => c.PostDial, (c, v) => c.PostDial = v),
        Count(null, "postDialCount", c => c.PostDialCount, (c, v) => c.PostDialCount = v),
        Duration(null, "postDial180Seconds", c => c.PostDial180, (c, v) => c.PostDial180 = v),
        Count(null, "ringing180Count", c => c.Ringing180Count, (c, v) => c.Ringing180Count = v),
        Duration(null, "postDial183Seconds", c => c.PostDial183, (c, v) => c.PostDial183 = v),
        Count(null, "progress183Count", c => c.Progress183Count, (c, v) => c.Progress183Count = v),
        Count(null, "withheld", c => c.Withheld, (c, v) => c.Withheld = v),
        Count(null, "identityConflict", c => c.IdentityConflict, (c, v) => c.IdentityConflict = v),
        Count(null, "unlistedTrunk", c => c.UnlistedTrunk, (c, v) => c.UnlistedTrunk = v),
        Count(null, "late", c => c.Late, (c, v) => c.Late = v),
        Count("inbound", "attempts", c => c.InboundAttempts, (c, v) => c.InboundAttempts = v),
        Count("inbound", "answered", c => c.InboundAnswered, (c, v) => c.InboundAnswered = v),
        Count("inbound", "answeredEnded", c => c.InboundAnsweredEnded, (c, v) => c.InboundAnsweredEnded = v),
        Count("inbound", "unknownEnd", c => c.InboundUnknownEnd, (c, v) => c.InboundUnknownEnd = v),
        Duration("inbound", "talkSeconds", c => c.InboundTalk, (c, v) => c.InboundTalk = v),
        .. GuardIds.OfCalls.SelectMany(Guard),
        Disposed("answered", Disposition.Answered),
        Disposed("busy", Disposition.Busy),
        Disposed("noAnswer", Disposition.NoAnswer),
        Disposed("cancelled", Disposition.Cancelled),
        Disposed("rejected", Disposition.Rejected),
        Disposed("unwanted", Disposition.Unwanted),
        Disposed("invalidNumber", Disposition.InvalidNumber),
        Disposed("failed", Disposition.Failed),
        Count(null, "humanCalls", c => c.HumanCalls, (c, v) => c.HumanCalls = v),
        Count("attestation", "a", c => c.AttestationA, (c, v) => c.AttestationA = v),
        Count("attestation", "b", c => c.AttestationB, (c, v) => c.AttestationB = v),
        Count("attestation", "c", c => c.AttestationC, (c, v) => c.AttestationC = v),
        .. Histogram("talkTimes", TimeHistogram.TalkBounds, c => ref c.TalkTimes),
        .. Histogram("ringTimes", TimeHistogram.RingBounds, c => ref c.RingTimes),
        .. Histogram("postDialTimes", TimeHistogram.PostDialBounds, c => ref c.PostDialTimes),
        Count(null, "endedByNumber", c => c.EndedByNumber, (c, v) => c.EndedByNumber = v),
        Count(null, "endedByPerson", c => c.EndedByPerson, (c, v) => c.EndedByPerson = v),
        Count("inbound", "endedByNumber", c => c.InboundEndedByNumber, (c, v) => c.InboundEndedByNumber = v),
        Count("inbound", "endedByPerson", c => c.InboundEndedByPerson, (c, v) => c.InboundEndedByPerson = v),
        Count(null, "forwarded", c => c.Forwarded, (c, v) => c.Forwarded = v),
        Count("inbound", "forwarded", c => c.InboundForwarded, (c, v) => c.InboundForwarded = v),
        Count("attestation", "originMismatch", c => c.AttestationOriginMismatch, (c, v) => c.AttestationOriginMismatch = v),
        Count("attestation", "malformed", c => c.AttestationMalformed, (c, v) => c.AttestationMalformed = v),
        Duration(null, "maxTalkSeconds", c => c.MaxTalk, (c, v) => c.MaxTalk = v) with { Merge = CounterMerge.Highest },
        Duration(null, "maxRingSeconds", c => c.MaxRing, (c, v) => c.MaxRing = v) with { Merge = CounterMerge.Highest },
        Duration(null, "maxPostDialSeconds", c => c.MaxPostDial, (c, v) => c.MaxPostDial = v) with { Merge = CounterMerge.Highest },
        Count(null, "concurrentPeak", c => c.ConcurrentPeak, (c, v) => c.ConcurrentPeak = v) with { Merge = CounterMerge.Highest },
        Count(null, "newCallees", c => c.NewCallees, (c, v) => c.NewCallees = v),
        Count(null, "repeatAttempts", c => c.RepeatAttempts, (c, v) => c.RepeatAttempts = v),
        Count(null, "unknownCallees", c => c.UnknownCallees, (c, v) => c.UnknownCallees = v),
    ];

    /// <summary>The same in the order of JSON: a row's own fields first, then its objects, each in one piece.</summary>
    public static IReadOnlyList<CounterField> InGroups { get; } =
        [.. All.GroupBy(field => field.Group).OrderBy(group => group.Key is not null).SelectMany(group => group)];

    private delegate ref TimeHistogram HistogramOf(NumberCounters counters);

    private static CounterField[] Histogram(string group, ReadOnlySpan<int> bounds, HistogramOf histogram)
    {
        CounterField[] fields = new CounterField[TimeHistogram.Classes];
        for (int i = 0; i < fields.Length; i++)
        {
            int index = i;
            string name = i < bounds.Length ? $"lt{bounds[i]}" : $"ge{bounds[^1]}";
            fields[i] = Count(group, name, c => histogram(c)[index], (c, v) => histogram(c)[index] = v);
        }

        return fields;
    }

    private static CounterField Count(
        string? group, string name, Func<NumberCounters, long> read, Action<NumberCounters, long> write) =>
        new(group, name, CounterUnit.Count, read, write);

    private static CounterField Duration(
        string? group, string name, Func<NumberCounters, TimeSpan> read, Action<NumberCounters, TimeSpan> write) =>
        new(group, name, CounterUnit.Duration, c => read(c).Ticks, (c, v) => write(c, TimeSpan.FromTicks(v)));

    /// <summary>Under a rule's own name stand its violations.</summary>
    private static IEnumerable<CounterField> Guard(GuardId rule) =>
    [
        new(
            "guards",
            GuardIds.NameOf(rule),
            CounterUnit.Count,
            c => c.Guards.Of(rule).Violations,
            (c, value) => c.Guards.Add(new GuardCount(rule, value - c.Guards.Of(rule).Violations, 0))),
        new(
            "guards",
            GuardIds.NameOf(rule) + "Alerts",
            CounterUnit.Count,
            c => c.Guards.Of(rule).Alerts,
            (c, value) => c.Guards.Add(new GuardCount(rule, 0, value - c.Guards.Of(rule).Alerts))),
    ];

    private static CounterField Disposed(string name, Disposition disposition) =>
        new("dispositions", name, CounterUnit.Count, c => c[disposition], (c, v) => c[disposition] = v);
}
