namespace EdgeAgent.Core.Metrics;

/// <summary>
/// How well one trunk is seen, judged minute by minute. <i>Encrypted</i>: a minute with TLS and without any SIP in clear; over with the next
/// message in clear, or 15 minutes after the last TLS. <i>One-way</i>: 20 messages over 10 s or more in one direction and none in the other;
/// over with a minute that shows both. <i>Silent</i>: see <see cref="SilenceBaseline"/>. Pure; minutes come in order.
/// </summary>
internal sealed class TrunkSight
{
    private const int OneWayMessages = 20;
    private static readonly TimeSpan OneWaySpan = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan EncryptedRest = TimeSpan.FromMinutes(15);

    private readonly SilenceBaseline _silence = new();
    private DateTimeOffset _lastEncrypted;
    private bool _isToward;
    private long _inOneWay;
    private DateTimeOffset _oneWayFrom;

    /// <summary>It was ever seen to carry anything.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Why its calls cannot be seen, and since when; null when they can.</summary>
    public (ObservationCause Cause, DateTimeOffset From)? Hidden { get; private set; }

    /// <summary>Since when only messages toward it are seen: attempts count, what becomes of them does not show. Null when it is otherwise.</summary>
    public DateTimeOffset? HalfSeenFrom { get; private set; }

    /// <summary>Takes one minute.</summary>
    /// <param name="minute">When, and whether it was legal and observed.</param>
    /// <param name="traffic">What passed; null for nothing.</param>
    public void OnMinute(in MinuteFacts minute, TrunkTraffic? traffic)
    {
        bool hasClear = traffic is { Messages: > 0 };
        bool hasEncrypted = traffic is { Encrypted: > 0 };
        IsKnown |= hasClear || hasEncrypted;
        _lastEncrypted = hasEncrypted ? minute.Start : _lastEncrypted;
        _silence.OnMinute(minute.Start, minute.Day, minute.MinuteOfDay, minute.IsLegal, minute.IsObserved, hasClear || hasEncrypted);
        CountOneWay(traffic);

        bool wasEncrypted = Hidden is { Cause: ObservationCause.EncryptedTrunk };
        DateTimeOffset since = Hidden?.From ?? minute.Start;
        bool isOneWay = _inOneWay >= OneWayMessages && traffic is { Messages: > 0 } && traffic.Last - _oneWayFrom >= OneWaySpan;
        isOneWay |= _inOneWay >= OneWayMessages && !hasClear && (HalfSeenFrom is not null || Hidden is { Cause: ObservationCause.OneWay });
        HalfSeenFrom = isOneWay && _isToward ? _oneWayFrom : null;
        Hidden = !hasClear && (hasEncrypted || (wasEncrypted && minute.Start - _lastEncrypted < EncryptedRest))
                ? (ObservationCause.EncryptedTrunk, wasEncrypted ? since : minute.Start)
            : isOneWay && !_isToward ? (ObservationCause.OneWay, _oneWayFrom)
            : _silence.IsSilent ? (ObservationCause.SilentTrunk, _silence.SilentFrom)
            : null;
    }

    /// <summary>Writes what it knows.</summary>
    internal void Save(BinaryWriter writer)
    {
        writer.Write(IsKnown);
        writer.Write(_lastEncrypted.UtcTicks);
        writer.Write(_isToward);
        writer.Write(_inOneWay);
        writer.Write(_oneWayFrom.UtcTicks);
        writer.Write((sbyte)(Hidden is { } hidden ? (int)hidden.Cause : -1));
        writer.Write((Hidden?.From ?? default).UtcTicks);
        writer.Write((HalfSeenFrom ?? default).UtcTicks);
        _silence.Save(writer);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    internal static TrunkSight Load(BinaryReader reader)
    {
        TrunkSight sight = new()
        {
            IsKnown = reader.ReadBoolean(),
            _lastEncrypted = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero),
            _isToward = reader.ReadBoolean(),
            _inOneWay = reader.ReadInt64(),
            _oneWayFrom = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero),
        };
        int cause = reader.ReadSByte();
        DateTimeOffset from = new(reader.ReadInt64(), TimeSpan.Zero);
        sight.Hidden = cause < 0 ? null : ((ObservationCause)cause, from);
        long halfSeen = reader.ReadInt64();
        sight.HalfSeenFrom = halfSeen == 0 ? null : new DateTimeOffset(halfSeen, TimeSpan.Zero);
        sight._silence.Load(reader);
        return sight;
    }

    private void CountOneWay(TrunkTraffic? traffic)
    {
        if (traffic is null or { Messages: 0 })
        {
            return;
        }

        if (traffic is { Toward: > 0, From: > 0 })
        {
            _inOneWay = 0;
            return;
        }

        bool isToward = traffic.Toward > 0;
        if (_inOneWay == 0 || isToward != _isToward)
        {
            _inOneWay = 0;
            _isToward = isToward;
            _oneWayFrom = traffic.First;
        }

        _inOneWay += traffic.Messages;
    }
}
