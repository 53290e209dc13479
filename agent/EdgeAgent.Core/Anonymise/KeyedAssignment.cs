namespace EdgeAgent.Core.Anonymise;

/// <summary>
/// Gives values of a small range others of the same range, one to one, and none that stands in the capture itself: whoever searches the
/// result for a number of theirs must find nothing. Which other it is depends on the key, and only where two meet on the capture.
/// </summary>
internal static class KeyedAssignment
{
    /// <summary>Assigns.</summary>
    /// <param name="shuffled">The range in an order that only the key knows.</param>
    /// <param name="originals">Values that stand in the capture.</param>
    /// <returns>For each original its replacement. Where more than half of the range is taken, originals may come back as replacements of others.</returns>
    public static Dictionary<int, int> Of(int[] shuffled, IReadOnlySet<int> originals)
    {
        bool avoids = originals.Count <= shuffled.Length / 2;
        HashSet<int> taken = [];
        Dictionary<int, int> assigned = new(originals.Count);
        for (int i = 0; i < shuffled.Length; i++)
        {
            if (!originals.Contains(shuffled[i]))
            {
                continue;
            }

            // The next in the keyed circle: itself never, so that even a full range has no fixed point.
            int next = (i + 1) % shuffled.Length;
            while (taken.Contains(shuffled[next]) || (avoids && originals.Contains(shuffled[next])))
            {
                next = (next + 1) % shuffled.Length;
            }

            taken.Add(shuffled[next]);
            assigned.Add(shuffled[i], shuffled[next]);
        }

        return assigned;
    }
}
