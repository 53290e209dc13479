using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core.Metrics;

/// <summary>
/// Counters of the minutes still open. A counter belongs to the minute in which its event happened; once a minute is sealed, a fact that
/// belongs to it goes into the oldest open minute and is marked late, so that sealed minutes never change and their sum is the total.
/// Not thread-safe: one signalling thread.
/// </summary>
public sealed class MinuteLedger
{
    private readonly List<OpenMinute> _open = [];
    private readonly HashSet<NumberKey> _numbers = [];
    private readonly CallsUp _up = new();
    private readonly Func<OpenMinute, NumberKey, NumberCounters> _rowOf;
    private readonly int _maxNumbers;
    private readonly TimeSpan _sealLag;
    private readonly bool _sealsEmptyMinutes;
    private long _firstUnsealed = long.MinValue;
    private long _skipEmptyUntil = long.MinValue;
    private OpenMinute? _last;
    private TimeSpan _wallOffset;

    /// <summary>Makes an empty ledger.</summary>
    /// <param name="sealLag">How long after its end a minute stays open.</param>
    /// <param name="maxNumbers">Distinct numbers; further ones share <see cref="NumberKey.Other"/>.</param>
    /// <param name="sealsEmptyMinutes">A minute without traffic is sealed too: live, silence is a fact.</param>
    public MinuteLedger(TimeSpan sealLag, int maxNumbers, bool sealsEmptyMinutes)
    {
        _sealLag = sealLag;
        _maxNumbers = maxNumbers;
        _sealsEmptyMinutes = sealsEmptyMinutes;
        _rowOf = RowOf;
    }

    /// <summary>Open minutes, oldest first.</summary>
    public IReadOnlyList<OpenMinute> Open => _open;

    /// <summary>Index of the first minute not sealed, <see cref="long.MinValue"/> before the first; set only to restore.</summary>
    public long FirstUnsealed { get => _firstUnsealed; init => _firstUnsealed = value; }

    /// <summary>
    /// The wall clock minus the times given here. Minutes are those of the wall clock; what is given here runs on evenly when that is set.
    /// </summary>
    public TimeSpan WallOffset { get => _wallOffset; init => _wallOffset = value; }

    /// <summary>What the wall clock showed at a time given here.</summary>
    public DateTimeOffset WallOf(DateTimeOffset at) => WallOffset == TimeSpan.Zero ? at : at + WallOffset;

    /// <summary>Counters of a number for an event at <paramref name="at"/>.</summary>
    public NumberCounters Row(NumberKey key, DateTimeOffset at)
    {
        OpenMinute minute = MinuteOf(at, out bool isLate);
        NumberCounters row = RowOf(minute, key);
        row.Late += isLate ? 1 : 0;
        return row;
    }

    /// <summary>One call more, or less, of a number is up since <paramref name="at"/>.</summary>
    /// <param name="key">The number.</param>
    /// <param name="at">When; of a sealed minute it counts in the oldest open one, before what happened there: a call may begin and end late.</param>
    /// <param name="change">1 or -1.</param>
    public void NoteUp(NumberKey key, DateTimeOffset at, int change) =>
        MinuteOf(at).UpChanges.Add(new UpChange(at.UtcTicks, key, change));

    /// <summary>Calls that are up now, as restored; the changes of the open minutes lie behind.</summary>
    internal void RestoreUp(IEnumerable<NumberKey> numbers)
    {
        foreach (NumberKey number in numbers)
        {
            _up.Add(number, 1);
        }

        foreach (UpChange change in _open.SelectMany(minute => minute.UpChanges))
        {
            _up.Add(change.Number, -change.Change);
        }
    }

    /// <summary>The minute an event at <paramref name="at"/> counts in.</summary>
    public OpenMinute MinuteOf(DateTimeOffset at) => MinuteOf(at, out _);

    /// <summary>Seals the oldest minute if the watermark has left it behind; call until it gives null.</summary>
    /// <param name="watermark">Time up to which everything was seen.</param>
    public SealedMinute? TrySeal(DateTimeOffset watermark)
    {
        long first = _open.Count > 0 ? _open[0].Index : long.MaxValue;
        if (_sealsEmptyMinutes && _firstUnsealed != long.MinValue)
        {
            first = Math.Min(first, Math.Max(_firstUnsealed, _skipEmptyUntil));
        }

        if (first == long.MaxValue || StartOf(first + 1) + _sealLag > WallOf(watermark))
        {
            return null;
        }

        return Seal(first);
    }

    /// <summary>Seals the oldest open minute whatever the time; null when none is open. For the end of a capture.</summary>
    public SealedMinute? SealNext() => _open.Count > 0 ? Seal(_open[0].Index) : null;

    /// <summary>Minutes before this instant in which nothing is open are passed over: nobody looked, so they are no silence.</summary>
    public void SkipEmptyUntil(DateTimeOffset instant) => _skipEmptyUntil = IndexOf(instant);

    /// <summary>
    /// The wall clock was set. Set back into minutes that are sealed, all open ones must be sealed first: then those minutes come a second
    /// time, as records of their own.
    /// </summary>
    public void OnClockStep(TimeSpan step)
    {
        _wallOffset += step;
        _skipEmptyUntil = long.MinValue;
        _last = null;
    }

    /// <summary>True when the minute of <paramref name="at"/> is sealed already.</summary>
    public bool IsSealed(DateTimeOffset at) => IndexOf(at) < _firstUnsealed;

    /// <summary>True when a minute after that of <paramref name="at"/> has begun.</summary>
    public bool IsPast(DateTimeOffset at) => IsSealed(at) || _open.Exists(minute => minute.Index > IndexOf(at));

    /// <summary>Minutes go on with that of <paramref name="at"/>, be it sealed or not. Nothing may be open.</summary>
    public void GoOnFrom(DateTimeOffset at)
    {
        _firstUnsealed = IndexOf(at);
        _last = null;
    }

    /// <summary>Trunks have other indexes now: what passed over them in the open minutes cannot be told apart any more.</summary>
    internal void ForgetTrunks() => _open.ForEach(static minute => minute.ForgetTrunks());

    /// <summary>Lets distinct numbers be learnt anew, once a day.</summary>
    public void ForgetNumbers() => _numbers.Clear();

    /// <summary>Puts back a minute that was open when the state was saved.</summary>
    internal OpenMinute Reopen(long index)
    {
        OpenMinute minute = new(index);
        _open.Add(minute);
        _open.Sort(static (left, right) => left.Index.CompareTo(right.Index));
        return minute;
    }

    private long IndexOf(DateTimeOffset at) => WallOf(at).UtcTicks / TimeSpan.TicksPerMinute;

    private static DateTimeOffset StartOf(long index) => new(index * TimeSpan.TicksPerMinute, TimeSpan.Zero);

    private SealedMinute Seal(long index)
    {
        OpenMinute minute = _open.Count > 0 && _open[0].Index == index ? _open[0] : new OpenMinute(index);
        _open.Remove(minute);
        _last = null;
        _firstUnsealed = index + 1;
        _up.Seal(minute, _rowOf);
        return minute.ToSealed(StartOf(index));
    }

    private OpenMinute MinuteOf(DateTimeOffset at, out bool isLate)
    {
        long index = IndexOf(at);
        isLate = index < _firstUnsealed;
        index = Math.Max(index, _firstUnsealed);
        if (_last?.Index == index)
        {
            return _last;
        }

        return _last = FindOrOpen(index);
    }

    /// <summary>Apart, since its lambda allocates and nearly every event is of the minute asked for last.</summary>
    private OpenMinute FindOrOpen(long index) => _open.Find(minute => minute.Index == index) ?? Reopen(index);

    /// <summary>A number that has a row was admitted.</summary>
    private NumberCounters RowOf(OpenMinute minute, NumberKey key) => minute.Find(key) ?? minute.Row(Admit(key));

    private NumberKey Admit(NumberKey key)
    {
        if (_numbers.Contains(key))
        {
            return key;
        }

        return _numbers.Count < _maxNumbers && _numbers.Add(key) ? key : NumberKey.Other;
    }
}
