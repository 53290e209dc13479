using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core.Metrics;

/// <summary>A minute whose counters may still move.</summary>
/// <param name="index">Minutes since 0001-01-01 UTC.</param>
public sealed class OpenMinute(long index)
{
    private readonly Dictionary<NumberKey, NumberCounters> _rows = [];
    private readonly List<TrunkTraffic?> _trunks = [];

    /// <summary>Minutes since 0001-01-01 UTC.</summary>
    public long Index => index;

    /// <summary>Counters per number.</summary>
    public IReadOnlyDictionary<NumberKey, NumberCounters> Rows => _rows;

    /// <summary>Counters that belong to no number.</summary>
    public TrafficCounters Traffic { get; } = new();

    /// <summary>How well the minute is seen.</summary>
    public CaptureQuality Quality { get; } = new();

    /// <summary>Calls that came up or ended in it.</summary>
    internal List<UpChange> UpChanges { get; } = [];

    /// <summary>Counters of a number, null where none of them moved yet.</summary>
    public NumberCounters? Find(NumberKey key) => _rows.GetValueOrDefault(key);

    /// <summary>Counters of a number, made when it first moves.</summary>
    public NumberCounters Row(NumberKey key)
    {
        if (!_rows.TryGetValue(key, out NumberCounters? row))
        {
            row = new NumberCounters();
            _rows.Add(key, row);
        }

        return row;
    }

    /// <summary>What passed over a trunk, made when it first shows something.</summary>
    public TrunkTraffic Trunk(int index)
    {
        while (_trunks.Count <= index)
        {
            _trunks.Add(null);
        }

        return _trunks[index] ??= new TrunkTraffic();
    }

    /// <summary>Drops what passed over trunks.</summary>
    internal void ForgetTrunks() => _trunks.Clear();

    /// <summary>Writes all counters.</summary>
    internal void Save(BinaryWriter writer)
    {
        foreach (long value in (ReadOnlySpan<long>)
            [
                Traffic.Packets, Traffic.SipMessages, Traffic.Retransmissions, Traffic.Internal, Traffic.UnlistedTrunk,
                Traffic.OtherCalls, Quality.KernelDrops, Quality.QueueDrops, Quality.Undecodable, Quality.ReassemblyGaps,
                Quality.Fragments, Quality.OrphanResponses, Quality.OrphanByes, Quality.Evictions,
                Quality.Forgotten,
            ])
        {
            writer.Write(value);
        }

        writer.Write(_trunks.Count);
        foreach (TrunkTraffic? trunk in _trunks)
        {
            (trunk ?? new TrunkTraffic()).Save(writer);
        }

        writer.Write(_rows.Count);
        foreach ((NumberKey key, NumberCounters counters) in _rows)
        {
            key.Save(writer);
            byte[] packed = CounterPacking.Pack(counters);
            writer.Write(packed.Length);
            writer.Write(packed);
        }

        writer.Write(UpChanges.Count);
        foreach (UpChange change in UpChanges)
        {
            writer.Write(change.Ticks);
            change.Number.Save(writer);
            writer.Write((sbyte)change.Change);
        }

        Quality.SaveHepOffsets(writer);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    internal void Load(BinaryReader reader)
    {
        Traffic.Packets = reader.ReadInt64();
        Traffic.SipMessages = reader.ReadInt64();
        Traffic.Retransmissions = reader.ReadInt64();
        Traffic.Internal = reader.ReadInt64();
        Traffic.UnlistedTrunk = reader.ReadInt64();
        Traffic.OtherCalls = reader.ReadInt64();
        Quality.KernelDrops = reader.ReadInt64();
        Quality.QueueDrops = reader.ReadInt64();
        Quality.Undecodable = reader.ReadInt64();
        Quality.ReassemblyGaps = reader.ReadInt64();
        Quality.Fragments = reader.ReadInt64();
        Quality.OrphanResponses = reader.ReadInt64();
        Quality.OrphanByes = reader.ReadInt64();
        Quality.Evictions = reader.ReadInt64();
        Quality.Forgotten = reader.ReadInt64();
        for (int count = reader.ReadInt32(); count > 0; count--)
        {
            _trunks.Add(TrunkTraffic.Load(reader));
        }

        for (int count = reader.ReadInt32(); count > 0; count--)
        {
            CounterPacking.AddTo(Row(NumberKey.Load(reader)), reader.ReadBytes(reader.ReadInt32()));
        }

        for (int count = reader.ReadInt32(); count > 0; count--)
        {
            UpChanges.Add(new UpChange(reader.ReadInt64(), NumberKey.Load(reader), reader.ReadSByte()));
        }

        Quality.LoadHepOffsets(reader);
    }

    /// <summary>The minute as it stays.</summary>
    public SealedMinute ToSealed(DateTimeOffset start)
    {
        KeyValuePair<NumberKey, NumberCounters>[] rows = [.. _rows];
        Array.Sort(rows, static (left, right) => NumberKey.Compare(left.Key, right.Key));
        return new SealedMinute(start, rows, Traffic, Quality) { Trunks = _trunks };
    }
}
