using System.Runtime.CompilerServices;

namespace EdgeAgent.Core.Metrics;

/// <summary>
/// How many durations fell into each of eight fixed classes, so that percentiles can be had from sums of intervals. A class holds what is
/// below its bound and not below the one before; the last holds the rest.
/// </summary>
[InlineArray(Classes)]
public struct TimeHistogram
{
    /// <summary>Number of classes.</summary>
    public const int Classes = 8;

    private long _first;

    /// <summary>Bounds of talk time, in seconds; what is below the first is a short call.</summary>
    public static ReadOnlySpan<int> TalkBounds => [10, 30, 60, 120, 300, 600, 1_800];

    /// <summary>Bounds of ring time, in seconds.</summary>
    public static ReadOnlySpan<int> RingBounds => [5, 10, 15, 20, 30, 45, 60];

    /// <summary>Bounds of post-dial delay, in seconds.</summary>
    public static ReadOnlySpan<int> PostDialBounds => [1, 2, 3, 4, 6, 8, 12];

    /// <summary>Counts one duration.</summary>
    /// <param name="duration">The duration.</param>
    /// <param name="bounds">One of the lists above.</param>
    public void Count(TimeSpan duration, ReadOnlySpan<int> bounds)
    {
        int index = 0;
        while (index < bounds.Length && duration.Ticks >= bounds[index] * TimeSpan.TicksPerSecond)
        {
            index++;
        }

        this[index]++;
    }

    /// <summary>Adds every class of <paramref name="other"/>.</summary>
    public void Add(in TimeHistogram other)
    {
        for (int i = 0; i < Classes; i++)
        {
            this[i] += other[i];
        }
    }
}
