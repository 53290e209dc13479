using System.Runtime.CompilerServices;

namespace EdgeAgent.Core.Guard.State;

/// <summary>Minutes of the latest attempts to one person for one client, newest first; 0 where there are fewer.</summary>
[InlineArray(Capacity)]
public struct PersonAttempts
{
    /// <summary>Attempts remembered: one more than the law allows, so that the next can be judged.</summary>
    public const int Capacity = 5;

    private uint _first;

    /// <summary>Puts an attempt in its place; the oldest falls out.</summary>
    public void Add(uint minute)
    {
        for (int i = 0; i < Capacity; i++)
        {
            if (minute > this[i])
            {
                (this[i], minute) = (minute, this[i]);
            }
        }
    }

    /// <summary>Attempts less than or exactly <paramref name="window"/> minutes before <paramref name="now"/>: kept to the minute, in the person's favour.</summary>
    public readonly int CountWithin(uint now, uint window)
    {
        int count = 0;
        while (count < Capacity && this[count] != 0 && (ulong)this[count] + window >= now)
        {
            count++;
        }

        return count;
    }

    /// <summary>The first minute at which fewer than <paramref name="limit"/> attempts (1 to 5) lie within <paramref name="window"/> minutes before it.</summary>
    public readonly uint FreeAt(int limit, uint window) => this[limit - 1] == 0 ? 0 : this[limit - 1] + window + 1;

    /// <summary>Attempts after <paramref name="minute"/> become attempts in it.</summary>
    internal void SetBack(uint minute)
    {
        for (int i = 0; i < Capacity && this[i] > minute; i++)
        {
            this[i] = minute;
        }
    }

    /// <summary>Both together.</summary>
    public static PersonAttempts Merge(in PersonAttempts left, in PersonAttempts right)
    {
        PersonAttempts merged = left;
        for (int i = 0; i < Capacity && right[i] != 0; i++)
        {
            merged.Add(right[i]);
        }

        return merged;
    }
}
