namespace EdgeAgent.Core.Evidence;

/// <summary>Finds sequence numbers among stretches that are kept in order and apart.</summary>
public static class SeqSearch
{
    /// <summary>Index of the last stretch that begins at <paramref name="seq"/> or before it, -1 when there is none.</summary>
    /// <param name="stretches">In order of their first numbers.</param>
    /// <param name="seq">Sequence number.</param>
    /// <param name="firstOf">First number of a stretch.</param>
    public static int IndexAtOrBefore<T>(IReadOnlyList<T> stretches, long seq, Func<T, long> firstOf)
    {
        ArgumentNullException.ThrowIfNull(stretches);
        ArgumentNullException.ThrowIfNull(firstOf);
        int low = 0;
        int high = stretches.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            if (firstOf(stretches[middle]) <= seq)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return high;
    }
}
