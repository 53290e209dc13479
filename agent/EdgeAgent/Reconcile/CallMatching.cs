namespace EdgeAgent.Reconcile;

/// <summary>Pairs listed calls of one number with its attempts, of which only the minute is known.</summary>
internal static class CallMatching
{
    /// <summary>
    /// Gives each call a place in a minute that its start, give or take the tolerance, touches; as many calls as possible get one. Minutes are
    /// filled in order, each by the calls whose last possible minute comes first: for intervals that begin and end in the same order that
    /// is the largest matching.
    /// </summary>
    /// <param name="calls">In order of their start.</param>
    /// <param name="places">Free places by minute since the Unix epoch, in order; what is left stays in it.</param>
    /// <param name="tolerance">How far call and attempt may be apart; at least zero.</param>
    /// <returns>For each call whether it got a place.</returns>
    public static bool[] Match(IReadOnlyList<CdrCall> calls, SortedList<long, long> places, TimeSpan tolerance)
    {
        bool[] isMatched = new bool[calls.Count];
        int oldest = 0; // first call that may still get a place
        for (int i = 0; i < places.Count; i++)
        {
            long minute = places.Keys[i];
            long free = places.Values[i];
            while (oldest < calls.Count && MinuteOf(calls[oldest].Start + tolerance) < minute)
            {
                oldest++;
            }

            while (free > 0 && oldest < calls.Count && MinuteOf(calls[oldest].Start - tolerance) <= minute)
            {
                isMatched[oldest++] = true;
                free--;
            }

            places.SetValueAtIndex(i, free);
        }

        return isMatched;
    }

    /// <summary>The minute since the Unix epoch that holds <paramref name="time"/>.</summary>
    public static long MinuteOf(DateTimeOffset time) => Math.DivRem(time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks, TimeSpan.TicksPerMinute).Quotient;

    /// <summary>The beginning of a minute.</summary>
    public static DateTimeOffset TimeOf(long minute) => DateTimeOffset.UnixEpoch.AddMinutes(minute);
}
