using EdgeAgent.Core.Metrics;
using EdgeAgent.Store;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Store;

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
