using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Guard.State;
using FsCheck.Xunit;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Guard.State;

public sealed class AttemptTableTests
{
    private const uint Now = 30_000_000;

    [Fact]
    public void Add_MoreThanFive_KeepsTheNewestInOrder()
    {
        AttemptTable table = new();
        foreach (uint minute in (uint[])[Now, Now + 7, Now + 3, Now + 1, Now + 9, Now + 5, Now + 5])
        {
            table.Add(1, 2, minute);
        }

        Minutes(table.Find(1, 2)).ShouldBe([Now + 9, Now + 7, Now + 5, Now + 5, Now + 3]);
        Minutes(table.Find(2, 2)).ShouldBeEmpty();
        Minutes(table.Find(1, 3)).ShouldBeEmpty();
    }

    [Property(MaxTest = 200)]
    public void Find_AnyAttempts_EqualsADictionary((byte Client, byte Person, ushort Minute)[] attempts)
    {
        AttemptTable table = new();
        Dictionary<(uint, ulong), List<uint>> expected = [];
        foreach ((byte client, byte person, ushort minute) in attempts)
        {
            table.Add(client, person, Now + (minute % 40_000u));
            (expected.TryGetValue((client, person), out List<uint>? known) ? known : expected[(client, person)] = []).Add(Now + (minute % 40_000u));
        }

        foreach (((uint client, ulong person), List<uint> minutes) in expected)
        {
            Minutes(table.Find(client, person)).ShouldBe(minutes.OrderDescending().Take(5));
        }

        table.Count.ShouldBe(expected.Count);
    }

    [Fact]
    public void Add_TwoMillionPersons_StaysWithin96Megabytes()
    {
        AttemptTable table = new();
        for (uint i = 1; i <= 2_000_000; i++)
        {
            table.Add(i & 1, Person(i), Now + (i / 100));
        }

        table.Bytes.ShouldBeLessThanOrEqualTo(96_000_000);
        table.Forgotten.ShouldBe(0);
        table.Count.ShouldBe(2_000_000);
        for (uint i = 1; i <= 2_000_000; i += 997)
        {
            Minutes(table.Find(i & 1, Person(i))).ShouldBe([Now + (i / 100)]);
        }
    }

    [Fact]
    public void Bytes_FewPersons_AreSizedToWhatIsThere()
    {
        AttemptTable table = new();
        table.Bytes.ShouldBe(0);
        for (uint i = 1; i <= 10_000; i++)
        {
            table.Add(1, Person(i), Now);
        }

        table.Bytes.ShouldBeLessThan(2_000_000);
    }

    [Fact]
    public void Add_PersonsOfLastMonth_MakeRoomWithoutGrowth()
    {
        AttemptTable table = new();
        long firstMonth = 0;
        for (uint month = 0; month < 6; month++)
        {
            for (uint i = 0; i < 20_000; i++)
            {
                table.Add(1, Person((month * 20_000) + i), Now + (month * (AttemptTable.Horizon + GuardMinutes.Day)) + (i / 100));
            }

            firstMonth = firstMonth == 0 ? table.Bytes : firstMonth;
        }

        table.Bytes.ShouldBeLessThanOrEqualTo(firstMonth * 2);
        table.Forgotten.ShouldBe(0);
    }

    [Theory]
    [InlineData(100)] // spread over time
    [InlineData(1_000_000)] // all within one minute
    public void Add_PastTheBound_ForgetsTheOldestAndSaysSo(uint personsPerMinute)
    {
        AttemptTable table = new(maxBytes: 400_000);
        for (uint i = 0; i < 50_000; i++)
        {
            table.Add(1, Person(i), Now + (i / personsPerMinute));
        }

        table.Bytes.ShouldBeLessThanOrEqualTo(400_000);
        table.Forgotten.ShouldBe(50_000 - table.Count);
        table.Count.ShouldBeGreaterThan(5_000);
        if (personsPerMinute == 100)
        {
            Minutes(table.Find(1, Person(49_999))).ShouldNotBeEmpty();
            Minutes(table.Find(1, Person(0))).ShouldBeEmpty();
        }
    }

    [Fact]
    public void Find_AndAddToAKnownPerson_AllocateNothing()
    {
        AttemptTable table = new();
        table.Add(1, 2, Now);
        uint minute = 0;
        Allocations.Least(() =>
        {
            for (uint i = 0; i < 1000; i++)
            {
                table.Add(1, 2, Now + minute++);
                table.Find(1, i);
            }
        }).ShouldBe(0);
    }

    [Property(MaxTest = 100)]
    public void Load_DocumentsInAnyOrder_GivesTheSameTable((byte Person, ushort Minute)[] attempts, int seed)
    {
        AttemptTable table = new();
        AttemptLog log = new();
        foreach ((byte person, ushort minute) in attempts)
        {
            uint client = person % 3u;
            uint kept = log.Add(client, person, Now + minute);
            kept.ShouldBe(Now + minute);
            table.Add(client, person, kept);
        }

        AttemptDocument[] documents = [.. log.TakeBefore(Now + ushort.MaxValue + 1)];
        log.Pending.ShouldBe(0);
        documents.Select(document => document.Minute).ShouldBeUnique();
        new Random(seed).Shuffle(documents);
        AttemptTable loaded = new();
        foreach (AttemptDocument document in documents)
        {
            AttemptLog.TryLoad(document.Bytes, loaded).ShouldBeTrue();
        }

        foreach ((byte person, ushort _) in attempts)
        {
            Minutes(loaded.Find(person % 3u, person)).ShouldBe(Minutes(table.Find(person % 3u, person)));
        }
    }

    [Fact]
    public void TryLoad_DamagedDocument_IsRefusedWhole()
    {
        AttemptLog log = new();
        log.Add(1, 2, Now);
        byte[] document = log.TakeBefore(Now + 1)[0].Bytes;
        AttemptTable table = new();

        AttemptLog.TryLoad(document.AsSpan(0, document.Length - 1), table).ShouldBeFalse();
        AttemptLog.TryLoad([], table).ShouldBeFalse();
        AttemptLog.TryLoad([3, .. document.AsSpan(1)], table).ShouldBeFalse("another version");
        AttemptLog.TryLoad([1, .. document.AsSpan(1)], table).ShouldBeFalse("no document of pairs");
        AttemptLog.TryLoad([.. document, 1], table).ShouldBeFalse();
        document[9] = 2; // attempts of the client
        AttemptLog.TryLoad(document, table).ShouldBeFalse();
        table.Count.ShouldBe(0);
    }

    [Fact]
    public void Add_NobodyTakesDocuments_NothingPilesUp()
    {
        AttemptLog log = new(isKept: false);
        for (uint i = 0; i < 1_000; i++)
        {
            log.Add(1, i + 1, Now + i).ShouldBe(Now + i);
        }

        log.Pending.ShouldBe(0);
    }

    [Fact]
    public void Add_AttemptOfAMinuteAlreadyWritten_IsKeptUnderTheOldestOpenOne()
    {
        AttemptLog log = new();
        log.Add(1, 2, Now);
        log.TakeBefore(Now + 1).Count.ShouldBe(1);

        log.Add(1, 3, Now).ShouldBe(Now + 1);
        log.TakeBefore(Now + 1).ShouldBeEmpty();
        log.TakeBefore(Now + 2).Single().Minute.ShouldBe(Now + 1);
    }

    private static ulong Person(uint i) => (i + 1) * 0x9E37_79B9_7F4A_7C15UL;

    private static uint[] Minutes(PersonAttempts attempts) => [.. ((ReadOnlySpan<uint>)attempts).ToArray().Where(minute => minute != 0)];
}
