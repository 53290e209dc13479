using System.Runtime.CompilerServices;

namespace EdgeAgent.Core.Guard.State;

/// <summary>Counts of the last sixty minutes, the present one included.</summary>
public struct MinuteRing
{
    private const int Length = 60;

    private Counts _counts;
    private uint _newest;
    private uint _sum;

    /// <summary>Counts one in <paramref name="minute"/>; what is older than an hour changes nothing.</summary>
    public void Add(uint minute)
    {
        Advance(minute);
        if (minute + Length > _newest)
        {
            ref ushort count = ref _counts[(int)(minute % Length)];
            if (count < ushort.MaxValue)
            {
                count++;
                _sum++;
            }
        }
    }

    /// <summary>Counts in <paramref name="minute"/> and the 59 before it.</summary>
    public readonly uint SumAt(uint minute)
    {
        if (minute <= _newest)
        {
            return _sum; // a late one is judged by what is known by now
        }

        uint sum = _sum;
        uint gone = Math.Min(minute - _newest, Length);
        for (uint i = 1; i <= gone; i++)
        {
            sum -= _counts[(int)((_newest + i) % Length)];
        }

        return sum;
    }

    /// <summary>The first minute at which the sum is at most <paramref name="most"/>.</summary>
    public readonly uint FreeAt(uint minute, uint most)
    {
        uint free = minute;
        uint sum = SumAt(minute);
        while (free < minute + Length && sum > most)
        {
            free++;
            if (free > _newest && free - _newest <= Length)
            {
                sum -= _counts[(int)(free % Length)]; // what was counted an hour before
            }
        }

        return free;
    }

    /// <summary>What was counted after <paramref name="minute"/>, the clock having been set back, counts in it.</summary>
    internal void SetBack(uint minute)
    {
        if (minute < _newest)
        {
            ushort sum = (ushort)Math.Min(_sum, ushort.MaxValue);
            (_counts, _newest, _sum) = (default, minute, sum);
            _counts[(int)(minute % Length)] = sum;
        }
    }

    internal readonly void Save(BinaryWriter writer)
    {
        writer.Write(_newest);
        foreach (ushort count in (ReadOnlySpan<ushort>)_counts)
        {
            writer.Write(count);
        }
    }

    internal void Load(BinaryReader reader)
    {
        _newest = reader.ReadUInt32();
        _sum = 0;
        for (int i = 0; i < Length; i++)
        {
            _counts[i] = reader.ReadUInt16();
            _sum += _counts[i];
        }
    }

    private void Advance(uint minute)
    {
        if (minute <= _newest)
        {
            return;
        }

        _sum = SumAt(minute);
        uint gone = Math.Min(minute - _newest, Length);
        for (uint i = 1; i <= gone; i++)
        {
            _counts[(int)((_newest + i) % Length)] = 0;
        }

        _newest = minute;
    }

    [InlineArray(Length)]
    private struct Counts
    {
        private ushort _first;
    }
}
