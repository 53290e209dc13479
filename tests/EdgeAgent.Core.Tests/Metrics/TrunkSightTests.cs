using EdgeAgent.Core.Metrics;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Metrics;

public class TrunkSightTests
{
    private static readonly DateTimeOffset Zero = new(2026, 3, 10, 10, 0, 0, TimeSpan.Zero);

    private readonly TrunkSight _trunk = new();
    private int _minute;

    /// <summary>One character a minute: b both ways, t toward it only, f from it only, e TLS only, m TLS and SIP, . nothing.</summary>
    [Theory]
    [InlineData("bbb", "---")]
    [InlineData("beee", "-EEE")]
    [InlineData("beemb", "-EE--")]
    [InlineData("be..............e", "-EEEEEEEEEEEEEEEE")]
    [InlineData("be...............", "-EEEEEEEEEEEEEEE-")]
    [InlineData("bttb", "-hh-")]
    [InlineData("bffb", "-OO-")]
    [InlineData("bf.fb", "-OOO-")]
    [InlineData("bftb", "-Oh-")]
    [InlineData("be.fb", "-EEO-")]
    [InlineData("m", "-")]
    [InlineData(".", "-")]
    public void OnMinute_Traffic_SaysWhetherTheTrunkIsSeen(string minutes, string expected) =>
        string.Concat(minutes.Select(Play)).ShouldBe(expected);

    [Theory]
    [InlineData(19, 30, false)]
    [InlineData(20, 9, false)]
    [InlineData(20, 10, true)]
    public void OnMinute_OneWay_NeedsTwentyMessagesOverTenSeconds(int messages, int seconds, bool isOneWay)
    {
        Play(toward: 0, from: messages, seconds: seconds);

        (_trunk.Hidden is { Cause: ObservationCause.OneWay }).ShouldBe(isOneWay);
    }

    [Fact]
    public void OnMinute_OneWayOverTwoMinutes_BeginsWithTheFirstOfThem()
    {
        Play(toward: 5, from: 0, seconds: 5);
        Play(toward: 15, from: 0, seconds: 5);

        _trunk.HalfSeenFrom.ShouldBe(Zero);
    }

    [Fact]
    public void SaveLoad_AtAnyMinute_GoesOnAsBefore()
    {
        const string minutes = "bee.bttbff.fb";
        for (int moment = 0; moment < minutes.Length; moment++)
        {
            TrunkSightTests whole = new();
            string expected = string.Concat(minutes.Select(whole.Play));
            TrunkSight trunk = new();
            int minute = 0;
            string seen = string.Concat(minutes.Select(kind =>
            {
                trunk = minute == moment ? Reloaded(trunk) : trunk;
                return Play(trunk, kind, minute++);
            }));

            seen.ShouldBe(expected, $"saved before minute {moment}");
        }
    }

    private static TrunkSight Reloaded(TrunkSight trunk)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        trunk.Save(writer);
        stream.Position = 0;
        return TrunkSight.Load(new BinaryReader(stream));
    }

    private static char Play(TrunkSight trunk, char kind, int minute)
    {
        DateTimeOffset start = Zero.AddMinutes(minute);
        TrunkTraffic traffic = new() { Encrypted = kind is 'e' or 'm' ? 3 : 0 };
        for (int i = 0; i < 30; i++)
        {
            if (kind is 'b' or 't' or 'm')
            {
                traffic.Count(isToward: true, start.AddSeconds(i));
            }

            if (kind is 'b' or 'f')
            {
                traffic.Count(isToward: false, start.AddSeconds(i));
            }
        }

        trunk.OnMinute(Facts(start), kind == '.' ? null : traffic);
        return trunk.Hidden?.Cause switch
        {
            ObservationCause.EncryptedTrunk => 'E',
            ObservationCause.OneWay => 'O',
            null when trunk.HalfSeenFrom is not null && kind != 'm' => 'h',
            _ => '-',
        };
    }

    private static MinuteFacts Facts(DateTimeOffset start) =>
        new(start, DateOnly.FromDateTime(start.Date), (int)start.TimeOfDay.TotalMinutes, IsLegal: true, IsObserved: true);

    private char Play(char kind) => Play(_trunk, kind, _minute++);

    private void Play(int toward, int from, double seconds)
    {
        DateTimeOffset start = Zero.AddMinutes(_minute++);
        TrunkTraffic traffic = new();
        for (int i = 0; i < toward + from; i++)
        {
            traffic.Count(isToward: i < toward, start.AddSeconds(i * seconds / (toward + from - 1)));
        }

        _trunk.OnMinute(Facts(start), traffic);
    }
}
