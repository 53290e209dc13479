using System.Runtime.CompilerServices;

namespace EdgeAgent.Core.Guard.State;

/// <summary>What one carrier did with a number's attempts in the last 24 hours, by the hour. Not thread-safe.</summary>
public sealed class CarrierWindow
{
    private const int Length = 24;

    private Counts _attempts;
    private Counts _refused;
    private Counts _blocked;
    private uint _newest;

    /// <summary>Attempts that ended, those refused with 403 or 603, and those blocked as unwanted (607, 608, network block).</summary>
    public (long Attempts, long Refused, long Blocked) Sums(uint hour)
    {
        Advance(hour);
        return (Sum(_attempts), Sum(_refused), Sum(_blocked));
    }

    /// <summary>Counts the end of an attempt.</summary>
    public void Add(uint hour, bool isRefused, bool isBlocked)
    {
        Advance(hour);
        if (hour + Length > _newest)
        {
            int place = (int)(hour % Length);
            _attempts[place]++;
            _refused[place] += isRefused ? 1u : 0;
            _blocked[place] += isBlocked ? 1u : 0;
        }
    }

    /// <summary>What was counted after <paramref name="hour"/>, the clock having been set back, counts in it.</summary>
    internal void SetBack(uint hour)
    {
        if (hour < _newest)
        {
            int place = (int)(hour % Length);
            (uint attempts, uint refused, uint blocked) = ((uint)Sum(_attempts), (uint)Sum(_refused), (uint)Sum(_blocked));
            (_attempts, _refused, _blocked, _newest) = (default, default, default, hour);
            (_attempts[place], _refused[place], _blocked[place]) = (attempts, refused, blocked);
        }
    }

    internal void Save(BinaryWriter writer)
    {
        writer.Write(_newest);
        for (int i = 0; i < Length; i++)
        {
            writer.Write7BitEncodedInt64(_attempts[i]);
            writer.Write7BitEncodedInt64(_refused[i]);
            writer.Write7BitEncodedInt64(_blocked[i]);
        }
    }

    internal void Load(BinaryReader reader)
    {
        _newest = reader.ReadUInt32();
        for (int i = 0; i < Length; i++)
        {
            _attempts[i] = (uint)reader.Read7BitEncodedInt64();
            _refused[i] = (uint)reader.Read7BitEncodedInt64();
            _blocked[i] = (uint)reader.Read7BitEncodedInt64();
        }
    }

    private static long Sum(in Counts counts)
    {
        long sum = 0;
        foreach (uint count in (ReadOnlySpan<uint>)counts)
        {
            sum += count;
        }

        return sum;
    }

    private void Advance(uint hour)
    {
        for (uint next = hour >= Length && hour - Length > _newest ? hour - Length : _newest; next < hour;)
        {
            int place = (int)(++next % Length);
            (_attempts[place], _refused[place], _blocked[place]) = (0, 0, 0);
        }

        _newest = Math.Max(_newest, hour);
    }

    [InlineArray(Length)]
    private struct Counts
    {
        private uint _first;
    }
}
