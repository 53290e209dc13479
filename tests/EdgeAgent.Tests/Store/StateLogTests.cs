using System.Text;
using EdgeAgent.Store;
using FsCheck.Xunit;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Store;

/// <summary>States on disk as deltas: each comes back whole, the right one counts after a crash, and little is written for it.</summary>
public sealed class StateLogTests : IDisposable
{
    private readonly TemporaryStore _temporary = new();

    private string Path => _temporary.PathOf(StateLog.FileName);

    public void Dispose() => _temporary.Dispose();

    [Property]
    public void Apply_OfAnyTwoStates_GivesTheSecond(byte[] before, byte[] after)
    {
        byte[] delta = StateDelta.Make(before, after);

        StateDelta.Apply(before, delta, after.Length).ShouldBe(after);
    }

    [Property]
    public void Apply_OfAStateWithPiecesMovedCutAndChanged_GivesIt(int seed)
    {
        Random random = new(seed);
        byte[] before = new byte[random.Next(20_000)];
        random.NextBytes(before);
        List<byte> after = [];
        for (int i = random.Next(20); i > 0; i--)
        {
            int from = random.Next(before.Length + 1);
            after.AddRange(before[from..random.Next(from, before.Length + 1)]);
            after.AddRange(new byte[random.Next(40)]);
        }

        byte[] delta = StateDelta.Make(before, [.. after]);

        StateDelta.Apply(before, delta, after.Count).ShouldBe([.. after]);
    }

    [Property]
    public void Apply_OfDamagedBytes_ThrowsInvalidDataOnly(byte[] before, byte[] delta, ushort length)
    {
        try
        {
            StateDelta.Apply(before, delta, length).Length.ShouldBe(length);
        }
        catch (InvalidDataException)
        {
            return; // the one thing it may say
        }
    }

    [Fact]
    public void Make_OfAMovedAndSlightlyChangedState_IsSmall()
    {
        byte[] before = new byte[1_000_000];
        new Random(1).NextBytes(before);
        byte[] after = [.. before[300..], .. "a call more"u8];
        for (int i = 1_000; i < after.Length; i += 10_000)
        {
            after[i] ^= 1;
        }

        StateDelta.Make(before, after).Length.ShouldBeLessThan(1_500);
    }

    [Fact]
    public void Open_AfterStatesOfSeveralMarks_GivesTheLastOfTheDatabases()
    {
        StateLog log = new(_temporary.Options.Directory);
        log.Append(Samples.Snapshot(1), 11);
        log.Append(Samples.Snapshot(2), 11);
        log.Append(Samples.Snapshot(3), 12); // its transaction may have failed

        Reopened(11).ShouldBe("state 2");
        Reopened(12).ShouldBe("state 3");
        Reopened(13).ShouldBeNull();
        Reopened(0).ShouldBeNull();
    }

    [Fact]
    public void Append_AfterAFailedTransaction_GoesOnFromThere()
    {
        StateLog log = new(_temporary.Options.Directory);
        log.Append(Samples.Snapshot(1), 11);
        log.Adopt();
        log.Append(Samples.Snapshot(2), 12);
        log.Open(11);
        log.Append(Samples.Snapshot(3), 11);

        Reopened(11).ShouldBe("state 3");
    }

    [Fact]
    public void Open_CutOrDamagedAnywhere_GivesAWholeStateBefore()
    {
        StateLog log = new(_temporary.Options.Directory);
        for (int i = 0; i < 5; i++)
        {
            log.Append(Samples.Snapshot(i), 11);
        }

        byte[] whole = File.ReadAllBytes(Path);
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(Path, whole[..length]);
            AssertWholeOrNone(Reopened(11));
            byte[] damaged = [.. whole];
            damaged[length] ^= 0x40;
            File.WriteAllBytes(Path, damaged);
            AssertWholeOrNone(Reopened(11));
        }

        File.WriteAllBytes(Path, whole[..^3]);
        StateLog again = new(_temporary.Options.Directory);
        again.Open(11);
        again.Append(Samples.Snapshot(9), 11);
        Reopened(11).ShouldBe("state 9");
    }

    [Fact]
    public void Append_ForEver_KeepsTheFileBoundedAndTheStateThatCounts()
    {
        StateLog log = new(_temporary.Options.Directory);
        byte[] state = new byte[50_000];
        long longest = 0;
        for (int i = 0; i < 1_200; i++)
        {
            new Random(i).NextBytes(state.AsSpan(0, 20_000));
            log.Append(new AgentSnapshot(Samples.Morning, state), 11);
            if (i < 900)
            {
                log.Adopt(); // from then on every transaction fails
            }

            longest = Math.Max(longest, new FileInfo(Path).Length);
        }

        longest.ShouldBeLessThan(17_000_000);
        StateLog reopened = new(_temporary.Options.Directory);
        reopened.Open(11);
        reopened.Current.ShouldNotBeNull().State.Length.ShouldBe(50_000);
    }

    [Fact]
    public void Append_ManySmallStates_KeepsTheirNumberBounded()
    {
        StateLog log = new(_temporary.Options.Directory, maxFrames: 16);
        long longest = 0;
        for (int i = 0; i < 100; i++)
        {
            log.Append(Samples.Snapshot(i), 11);
            log.Adopt();
            longest = Math.Max(longest, log.Length);
        }

        longest.ShouldBeLessThan(17 * 64, "sixteen states and the one that begins anew");
        Reopened(11).ShouldBe("state 99");
    }

    [Fact]
    public async Task Restore_StateFileGone_GivesTheTimeUpToWhichAllWasSeen()
    {
        await _temporary.FillAsync(Samples.Batch(7, Samples.Minute(Samples.Morning)));
        File.Delete(Path);

        await using JournalStore store = _temporary.Open();
        AgentSnapshot snapshot = (await store.RestoreAsync(TestContext.Current.CancellationToken)).Snapshot.ShouldNotBeNull();

        snapshot.Watermark.ShouldBe(Samples.Snapshot(7).Watermark);
        Should.Throw<InvalidDataException>(() => Core.SignallingEngine.Restore(BusyCentre.Settings, null!, snapshot.State, isAfterBlind: true));
    }

    private static void AssertWholeOrNone(string? state) => (state is null || state.StartsWith("state ", StringComparison.Ordinal)).ShouldBeTrue(state);

    private string? Reopened(long mark)
    {
        StateLog log = new(_temporary.Options.Directory);
        log.Open(mark);
        return log.Current is { } snapshot ? Encoding.ASCII.GetString(snapshot.State.Span) : null;
    }
}
