namespace EdgeAgent.Core.Tests;

/// <summary>What code allocates on this thread once it is warm.</summary>
internal static class Allocations
{
    /// <summary>Rounds that are run.</summary>
    public const int Rounds = 5;

    /// <summary>
    /// Bytes allocated by the round that allocated least. Now and then the runtime allocates a little of its own on the thread it interrupts;
    /// what code allocates for each call, it allocates in every round.
    /// </summary>
    public static long Least(Action round)
    {
        long least = long.MaxValue;
        for (int i = 0; i < Rounds; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            round();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
