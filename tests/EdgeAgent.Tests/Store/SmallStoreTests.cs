using System.Runtime.Versioning;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Store;
using FsCheck.Xunit;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Store;

[SupportedOSPlatform("linux")]
public sealed class PseudonymKeyFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("edge-agent-test-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void LoadOrCreate_FirstTime_MakesAKeyOnlyTheOwnerCanRead()
    {
        string path = Path.Combine(_directory, PseudonymKeyFile.FileName);

        byte[] key = PseudonymKeyFile.LoadOrCreate(path);

        key.Length.ShouldBe(32);
        key.ShouldNotBe(new byte[32]);
        File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        PseudonymKeyFile.LoadOrCreate(path).ShouldBe(key);
        Directory.GetFiles(_directory).ShouldBe([path], "nothing temporary stays");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void LoadOrCreate_WrongLength_IsRefusedAndKept(int length)
    {
        string path = Path.Combine(_directory, PseudonymKeyFile.FileName);
        File.WriteAllBytes(path, new byte[length]);

        Should.Throw<InvalidDataException>(() => PseudonymKeyFile.LoadOrCreate(path)).Message.ShouldContain($"{length} bytes");
        new FileInfo(path).Length.ShouldBe(length);
    }
}

public sealed class AcknowledgementWindowTests
{
    [Property]
    public void Add_AnyOrder_ContiguousIsTheFirstGap(int[] order, byte count)
    {
        AcknowledgementWindow window = new();
        HashSet<long> expected = [];
        foreach (int number in order)
        {
            long seq = 1 + (long)((uint)number % (count + 1u));
            expected.Add(seq);
            window.Add(seq);
        }

        long contiguous = 0;
        while (expected.Contains(contiguous + 1))
        {
            contiguous++;
        }

        window.Contiguous.ShouldBe(contiguous);
        window.Ahead.ShouldBe(expected.Count(seq => seq > contiguous));
        expected.ShouldAllBe(seq => window.Contains(seq));
        window.Contains(contiguous + 1).ShouldBeFalse();
    }

    [Fact]
    public void Add_FarAheadWithoutEnd_StaysBounded()
    {
        AcknowledgementWindow window = new();
        for (long seq = 2; seq < AcknowledgementWindow.MaxAhead + 1_000; seq++)
        {
            window.Add(seq);
        }

        window.Ahead.ShouldBe(AcknowledgementWindow.MaxAhead);
        window.Add(1);
        window.Contiguous.ShouldBe(AcknowledgementWindow.MaxAhead + 1);
    }

    [Fact]
    public void SkipTo_PastSomeAhead_JoinsTheRest()
    {
        AcknowledgementWindow window = new();
        window.Add(3);
        window.Add(6);

        window.SkipTo(5);

        window.Contiguous.ShouldBe(6);
        window.Ahead.ShouldBe(0);
    }
}

public sealed class PendingBatchTests
{
    [Fact]
    public void Add_PastTheBound_GivesUpTheOldestAndReportsIt()
    {
        PendingBatch pending = new(maxRows: 10);
        for (int i = 0; i < 8; i++)
        {
            pending.Add(Samples.Batch(i, Samples.Minute(Samples.Morning.AddMinutes(i), (Samples.Number(1), 1))), i + 1);
        }

        pending.Rows.ShouldBe(10);
        pending.Entries.First().At.ShouldBe(Samples.Morning.AddMinutes(3));
        AgentEvent loss = pending.LossEvent(Samples.Morning).ShouldNotBeNull();
        loss.Kind.ShouldBe(AgentEventKind.StoreLoss);
        loss.Reason.ShouldBe("diskRefused");
        loss.Value.ShouldBe(6);
        loss.From.ShouldBe(Samples.Morning);
        loss.To.ShouldBe(Samples.Morning.AddMinutes(2));
        pending.Snapshot.ShouldNotBeNull().Watermark.ShouldBe(Samples.Snapshot(7).Watermark);
    }

    [Fact]
    public void Add_NewerBatchWithItsOwnLoss_KeepsBoth()
    {
        PendingBatch older = new(maxRows: 4);
        PendingBatch newer = new(maxRows: 4);
        for (int i = 0; i < 6; i++)
        {
            (i < 3 ? older : newer).Add(Samples.Batch(i, Samples.Minute(Samples.Morning.AddMinutes(i), (Samples.Number(1), 1))), i + 1);
        }

        older.Add(newer);

        older.LostRows.ShouldBe(12 - older.Rows);
        older.LossEvent(Samples.Morning).ShouldNotBeNull().From.ShouldBe(Samples.Morning);
        older.LastSubmission.ShouldBe(6);
    }

    [Fact]
    public void LossEvent_NothingLost_IsNull() =>
        new PendingBatch(maxRows: 10).LossEvent(Samples.Morning).ShouldBeNull();
}
