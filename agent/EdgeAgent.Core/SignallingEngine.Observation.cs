using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Packets;

namespace EdgeAgent.Core;

/// <content>What is known of what could not be seen.</content>
public sealed partial class SignallingEngine
{
    /// <summary>SIP over TLS (RFC 3261 §19.1.2).</summary>
    private const ushort SipsPort = 5061;

    /// <summary>A keep-alive in TLS has less than 70 bytes, a message in SIP more than 200, and so has a handshake.</summary>
    private const int MinEncryptedBytes = 128;

    /// <summary>How well was observed; by the wall clock.</summary>
    public Observation Observation { get; }

    /// <summary>The wall clock minus the time of packets, which runs on evenly when that is set.</summary>
    public TimeSpan WallOffset => _minutes.WallOffset;

    /// <summary>Nothing was observed between two instants: the minutes they lie in say so, whole minutes between them are not sealed as silence.</summary>
    /// <param name="from">First instant, wall clock.</param>
    /// <param name="to">End, wall clock.</param>
    /// <param name="cause">Why.</param>
    public void OnBlind(DateTimeOffset from, DateTimeOffset to, ObservationCause cause)
    {
        if (to <= from)
        {
            return;
        }

        Observation.Periods.Record(ObservationPeriod.WholeAgent, cause, isBlind: true, from, to);
        Guards.Book.OnBlind(from, to);
        PassOver(from - WallOffset, to - WallOffset);
        DoubtCalls(to);
    }

    /// <summary>One look at the sources, one a second.</summary>
    /// <param name="sources">Every source.</param>
    /// <param name="now">Wall clock.</param>
    public void OnSources(IReadOnlyList<SourceSight> sources, DateTimeOffset now)
    {
        bool wasBlind = Observation.IsWithoutSource;
        Observation.OnSources(sources, now);
        if (wasBlind && !Observation.IsWithoutSource)
        {
            DoubtCalls(now);
        }
    }

    /// <summary>Nothing was seen until then: what was up before may have ended, and no line is taken for busy.</summary>
    private void DoubtCalls(DateTimeOffset until)
    {
        _calls.OnBlind(until - WallOffset);
        Guards.Book.State.Seats.FreeAll();
    }

    /// <summary>
    /// The wall clock was set. The time of packets must run on evenly over it: calls, durations and deadlines know nothing of it; minutes, days
    /// and guards go by the new clock from here on.
    /// </summary>
    /// <param name="from">What the clock would show now had it not been set.</param>
    /// <param name="to">What it shows.</param>
    public void OnClockStep(DateTimeOffset from, DateTimeOffset to)
    {
        TimeSpan step = to - from;
        DateTimeOffset now = from - WallOffset;
        CarryCounters();
        Observation.OnClockStep(from, to);
        if (step > TimeSpan.Zero)
        {
            _minutes.MinuteOf(now);
            _minutes.OnClockStep(step);
            _minutes.MinuteOf(now);
            _minutes.SkipEmptyUntil(now);
        }
        else
        {
            StepBack(step, now);
            Guards.Book.OnSetBack(to);
        }

        _minute = null;
        EnterMinute(now);
    }

    private void StepBack(TimeSpan step, DateTimeOffset now)
    {
        _minutes.OnClockStep(step);
        if (!_minutes.IsSealed(now) && (!_minutes.IsPast(now) || -step < _settings.SealLag))
        {
            return; // what is open goes on
        }

        while (_minutes.SealNext() is { } minute)
        {
            Seal(minute);
        }

        _minutes.GoOnFrom(now);
        Observation.Periods.OnSecondPassage(_minutes.WallOf(now));
    }

    /// <summary>Nobody looked: both ends are minutes of their own, those between are none.</summary>
    private void PassOver(DateTimeOffset from, DateTimeOffset to)
    {
        _minutes.MinuteOf(from);
        _minutes.MinuteOf(to);
        _minutes.SkipEmptyUntil(to);
    }

    private void Seal(SealedMinute minute)
    {
        TimeSpan blind = Observation.OnSealing(minute, out TimeSpan untold);
        Counters.Quality.Blind += blind;
        Counters.Quality.Degraded += minute.Quality.Degraded;
        _output.OnSealed(minute);
        Guards.OnSealed(minute, blind, untold);
    }

    /// <summary>A message passed over a trunk, or not.</summary>
    private void CountHop(DateTimeOffset at)
    {
        Hop hop = _calls.LastHop;
        if (hop.Trunk >= 0)
        {
            _minute!.Trunk(hop.Trunk).Count(hop.IsTowardTrunk, _minutes.WallOf(at));
        }
    }

    /// <summary>Notes that a trunk speaks TLS: by the port, or by the head of a record (RFC 8446 §5.1).</summary>
    private void CountEncrypted(in TransportPacket segment)
    {
        ReadOnlySpan<byte> payload = segment.Payload.Span;
        if (payload.Length < MinEncryptedBytes || _settings.Trunks.IsEmpty)
        {
            return;
        }

        bool isSipsPort = (segment.Source.Port == SipsPort || segment.Destination.Port == SipsPort) && !_isSipPort[SipsPort];
        if (isSipsPort || payload is [>= 20 and <= 23, 3, <= 4, ..])
        {
            int trunk = _settings.Trunks.MatchHost(segment.Destination.Address);
            trunk = trunk >= 0 ? trunk : _settings.Trunks.MatchHost(segment.Source.Address);
            if (trunk >= 0)
            {
                _minute!.Trunk(trunk).Encrypted++;
            }
        }
    }
}
