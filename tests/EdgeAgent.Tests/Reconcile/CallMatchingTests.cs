using EdgeAgent.Reconcile;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Reconcile;

public sealed class CallMatchingTests
{
    private static readonly DateTimeOffset Minute = new(2026, 11, 24, 10, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData(0, true)]
    [InlineData(59, true)]
    [InlineData(-2, true)]
    [InlineData(-3, false)]
    [InlineData(61, true)]
    [InlineData(62, false)] // 62 s - 2 s lies in the next minute
    public void Match_OneCallAndOneAttempt_GoTogetherWithinTheTolerance(int second, bool expected) =>
        CallMatching.Match([Call(second)], Places((0, 1)), Tolerance).ShouldBe([expected]);

    [Fact]
    public void Match_MoreCallsThanPlaces_LeavesTheRest()
    {
        SortedList<long, long> places = Places((0, 2));

        CallMatching.Match([Call(1), Call(2), Call(3)], places, Tolerance).ShouldBe([true, true, false]);
        places.Values.ShouldBe([0L]);
    }

    [Fact]
    public void Match_CallAtTheEdge_TakesThePlaceNobodyElseCanTake()
    {
        // The first may have been counted in minute 0 or 1, the second in 1 only.
        CallMatching.Match([Call(59), Call(90)], Places((0, 1), (1, 1)), Tolerance).ShouldBe([true, true]);
        CallMatching.Match([Call(10), Call(59)], Places((0, 1), (1, 1)), Tolerance).ShouldBe([true, true]);
    }

    [Fact]
    public void Match_PlacesWithoutCalls_StayFree()
    {
        SortedList<long, long> places = Places((0, 1), (5, 3));

        CallMatching.Match([Call(30)], places, Tolerance).ShouldBe([true]);
        places.Values.ShouldBe([0L, 3L]);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(45)]
    [InlineData(90)]
    public void Match_AnyCallsAndPlaces_IsAsLargeAsAnyMatching(int toleranceSeconds)
    {
        Random random = new(20_261_124 + toleranceSeconds);
        TimeSpan tolerance = TimeSpan.FromSeconds(toleranceSeconds);
        for (int round = 0; round < 400; round++)
        {
            CdrCall[] calls = [.. Enumerable.Range(0, random.Next(1, 9)).Select(_ => random.Next(0, 300)).Order().Select(Call)];
            (int Minute, long Free)[] free = [.. Enumerable.Range(-1, 8).Where(_ => random.Next(2) == 0).Select(minute => (minute, (long)random.Next(1, 4)))];

            int matched = CallMatching.Match(calls, Places(free), tolerance).Count(isMatched => isMatched);

            matched.ShouldBe(Largest(calls, free, tolerance), $"round {round}");
        }
    }

    /// <summary>Augmenting paths over single places: the textbook way, with nothing in common with the one under test.</summary>
    private static int Largest(CdrCall[] calls, (int Minute, long Free)[] free, TimeSpan tolerance)
    {
        long[] seats = [.. free.SelectMany(place => Enumerable.Repeat(CallMatching.MinuteOf(Minute) + place.Minute, (int)place.Free))];
        int[] taker = [.. seats.Select(_ => -1)];
        return calls.Index().Count(call => TryPlace(call.Index, new bool[seats.Length]));

        bool TryPlace(int call, bool[] isTried)
        {
            for (int seat = 0; seat < seats.Length; seat++)
            {
                DateTimeOffset begin = CallMatching.TimeOf(seats[seat]);
                bool fits = calls[call].Start + tolerance >= begin && calls[call].Start - tolerance < begin.AddMinutes(1);
                if (fits && !isTried[seat])
                {
                    isTried[seat] = true;
                    if (taker[seat] < 0 || TryPlace(taker[seat], isTried))
                    {
                        taker[seat] = call;
                        return true;
                    }
                }
            }

            return false;
        }
    }

    private static CdrCall Call(int second) => new(Minute.AddSeconds(second), false, 0);

    private static SortedList<long, long> Places(params (int Minute, long Free)[] free) =>
        new(free.ToDictionary(place => CallMatching.MinuteOf(Minute) + place.Minute, place => place.Free));
}
