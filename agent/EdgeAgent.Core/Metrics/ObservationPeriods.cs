namespace EdgeAgent.Core.Metrics;

/// <summary>
/// The times in which something was not observed: opened, extended, closed, made known. A period is told when it ends, and while it lasts
/// after a minute and then every hour, with the same beginning and a later end, so that the last one told is the whole. Open periods are
/// part of the saved state: none is lost by a crash. Not thread-safe: one signalling thread.
/// </summary>
public sealed class ObservationPeriods
{
    /// <summary>An open period is told after so long, for the centre to hear of an outage while it lasts.</summary>
    private static readonly TimeSpan FirstWord = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan NextWord = TimeSpan.FromHours(1);

    /// <summary>Drops are told as one period when no more than this lies between two of them.</summary>
    private static readonly TimeSpan DropsApart = TimeSpan.FromSeconds(10);

    /// <summary>Closed periods remembered: far more than can end in a minute that is not sealed yet.</summary>
    private const int MaxClosed = 1_024;

    /// <summary>For how long it can be asked whether an instant was blind.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromHours(24);

    private readonly List<ObservationPeriod> _open = [];
    private readonly List<ObservationPeriod> _closed = [];
    private readonly Queue<ObservationPeriod> _untold = new();

    /// <summary>Periods that have not ended.</summary>
    public IReadOnlyList<ObservationPeriod> Open => _open;

    /// <summary>Something is known not to be observed from <paramref name="from"/> to <paramref name="to"/>: opens a period or extends it.</summary>
    /// <param name="source">Where.</param>
    /// <param name="cause">Why.</param>
    /// <param name="isBlind">Nothing that counts can be seen. Where this changes, one period ends at <paramref name="from"/> and another begins.</param>
    /// <param name="from">Since when; of a period that is open already, the time of a change.</param>
    /// <param name="to">Until when, so far.</param>
    /// <param name="value">Added to what the period counts.</param>
    public void Note(string source, ObservationCause cause, bool isBlind, DateTimeOffset from, DateTimeOffset to, long value = 0)
    {
        ObservationPeriod? open = Find(source, cause);
        if (open is not null && open.IsBlind != isBlind)
        {
            from = from > open.From ? from : open.From;
            Close(open, from);
            open = null;
        }

        if (open is null)
        {
            open = new ObservationPeriod { Source = source, Cause = cause, IsBlind = isBlind, From = from, To = from };
            _open.Add(open);
        }

        open.To = to > open.To ? to : open.To;
        open.Value += value;
    }

    /// <summary>It is over since <paramref name="to"/>; without effect where no such period is open.</summary>
    public void Close(string source, ObservationCause cause, DateTimeOffset to)
    {
        if (Find(source, cause) is { } open)
        {
            Close(open, to);
        }
    }

    /// <summary>A period that is over already. Recording it again changes nothing.</summary>
    public void Record(string source, ObservationCause cause, bool isBlind, DateTimeOffset from, DateTimeOffset to, long value = 0)
    {
        if (_closed.Exists(each => each.Source == source && each.Cause == cause && each.IsBlind == isBlind && each.From == from && each.To == to))
        {
            return;
        }

        Close(source, cause, from);
        Note(source, cause, isBlind, from, to, value);
        Close(source, cause, to);
    }

    /// <summary>The period of this kind that has not ended, null when there is none.</summary>
    public ObservationPeriod? Find(string source, ObservationCause cause) =>
        _open.Find(each => each.Cause == cause && each.Source == source);

    /// <summary>Nothing could be seen at <paramref name="at"/>, an instant of the last 24 hours: what is missing there says nothing.</summary>
    public bool IsBlindAt(DateTimeOffset at)
    {
        foreach (ObservationPeriod open in _open) // loops, since a lambda would allocate with every attempt
        {
            if (open.IsBlind && open.From <= at)
            {
                return true;
            }
        }

        foreach (ObservationPeriod closed in _closed)
        {
            if (closed.IsBlind && closed.From <= at && at < closed.To)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Shares the unobserved part of an interval out among the causes: each instant to the weightiest, so that they add up.</summary>
    /// <param name="isBlind">Of what is blind, or of what is degraded.</param>
    /// <param name="from">First instant.</param>
    /// <param name="to">End.</param>
    /// <param name="perCause">Is added to; indexed by cause.</param>
    /// <returns>All together.</returns>
    public TimeSpan Share(bool isBlind, DateTimeOffset from, DateTimeOffset to, TimeSpan[] perCause)
    {
        ArgumentNullException.ThrowIfNull(perCause);
        List<ObservationPeriod> within =
            [.. _closed.Concat(_open).Where(each => each.IsBlind == isBlind && each.From < to && each.To > from)];
        if (within.Count == 0)
        {
            return TimeSpan.Zero;
        }

        DateTimeOffset[] edges = [.. within.SelectMany(each => (DateTimeOffset[])[each.From, each.To])
            .Where(edge => edge > from && edge < to).Append(from).Append(to).Distinct().Order()];
        TimeSpan all = TimeSpan.Zero;
        for (int i = 0; i + 1 < edges.Length; i++)
        {
            ObservationPeriod? weightiest = within.Where(each => each.From <= edges[i] && each.To >= edges[i + 1]).MinBy(each => each.Cause);
            if (weightiest is not null)
            {
                perCause[(int)weightiest.Cause] += edges[i + 1] - edges[i];
                all += edges[i + 1] - edges[i];
            }
        }

        return all;
    }

    /// <summary>Gives the records that are due, and forgets what ended long before <paramref name="sealedUntil"/>.</summary>
    /// <param name="now">Wall clock.</param>
    /// <param name="sealedUntil">Minutes before this are sealed: nobody asks about them again.</param>
    /// <param name="tell">Takes the records.</param>
    public void Publish(DateTimeOffset now, DateTimeOffset sealedUntil, Action<AgentEvent> tell)
    {
        ArgumentNullException.ThrowIfNull(tell);
        foreach (ObservationPeriod drops in _open.FindAll(each => each.Cause == ObservationCause.CaptureDropping && now - each.To > DropsApart))
        {
            Close(drops, drops.To);
        }

        while (_untold.TryDequeue(out ObservationPeriod? ended))
        {
            tell(ended.ToEvent());
        }

        foreach (ObservationPeriod open in _open)
        {
            bool isFirst = open.PublishedAt == default;
            if (now - (isFirst ? open.From : open.PublishedAt) >= (isFirst ? FirstWord : NextWord))
            {
                open.PublishedAt = now;
                tell(open.ToEvent());
            }
        }

        _closed.RemoveAll(each => each.To + Memory <= sealedUntil);
    }

    /// <summary>The wall clock was set: the pace of records goes on as before.</summary>
    internal void OnClockStep(TimeSpan step)
    {
        foreach (ObservationPeriod open in _open.Where(each => each.PublishedAt != default))
        {
            open.PublishedAt += step;
        }
    }

    /// <summary>
    /// The wall clock was set back into minutes that are sealed: what was not observed in their first passage says nothing of the second. That they
    /// come twice remains.
    /// </summary>
    internal void OnSecondPassage(DateTimeOffset now) =>
        _closed.RemoveAll(each => each.To > now && (each.IsBlind || each.Cause != ObservationCause.ClockStepped));

    /// <summary>Writes what is open and what ended of late.</summary>
    internal void Save(BinaryWriter writer)
    {
        HashSet<ObservationPeriod> untold = [.. _untold];
        writer.Write(_open.Count + _closed.Count);
        foreach (ObservationPeriod period in _closed.Concat(_open))
        {
            writer.Write(period.Source);
            writer.Write((byte)period.Cause);
            writer.Write(period.IsBlind);
            writer.Write(period.From.UtcTicks);
            writer.Write(period.To.UtcTicks);
            writer.Write(period.Value);
            writer.Write(period.PublishedAt.UtcTicks);
            writer.Write(period.IsOpen);
            writer.Write(untold.Contains(period));
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    internal void Load(BinaryReader reader)
    {
        for (int count = reader.ReadInt32(); count > 0; count--)
        {
            ObservationPeriod period = new()
            {
                Source = reader.ReadString(),
                Cause = (ObservationCause)reader.ReadByte(),
                IsBlind = reader.ReadBoolean(),
                From = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero),
                To = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero),
                Value = reader.ReadInt64(),
                PublishedAt = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero),
                IsOpen = reader.ReadBoolean(),
            };
            (period.IsOpen ? _open : _closed).Add(period);
            if (reader.ReadBoolean())
            {
                _untold.Enqueue(period);
            }
        }
    }

    private void Close(ObservationPeriod period, DateTimeOffset to)
    {
        _open.Remove(period);
        period.IsOpen = false;
        period.To = to > period.From ? to : period.From;
        if (period.To == period.From && period.PublishedAt == default)
        {
            return; // it took no time and nobody heard of it
        }

        _untold.Enqueue(period);
        _closed.Add(period);
        if (_closed.Count > MaxClosed)
        {
            _closed.RemoveAt(0);
        }
    }
}
