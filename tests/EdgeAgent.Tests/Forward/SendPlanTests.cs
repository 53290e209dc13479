using EdgeAgent.Forward;
using FsCheck.Xunit;
using Shouldly;

namespace EdgeAgent.Tests.Forward;

public sealed class SendPlanTests
{
    [Property]
    public void Next_AnyBacklogAndArrivals_SendsEachRecordOnceNewestFirst(byte acknowledged, byte backlog, byte[] arrivals)
    {
        long last = acknowledged + backlog;
        SendPlan plan = new(acknowledged, last);
        List<long> sent = [];
        Queue<byte> coming = new(arrivals);
        while (true)
        {
            SendRange range = plan.Next();
            if (range.IsEmpty && coming.Count == 0)
            {
                break;
            }

            if (!range.IsEmpty)
            {
                sent.Add(range.First);
                plan.Advance(range, range.First);
                (range.IsLive || sent.Contains(last)).ShouldBeTrue("backlog only when nothing newer waits");
            }

            last += coming.TryDequeue(out byte more) ? more % 3 : 0;
            plan.Extend(last);
        }

        sent.Order().ShouldBe(Enumerable.Range(acknowledged + 1, (int)(last - acknowledged)).Select(seq => (long)seq));
        if (backlog > 0)
        {
            sent[0].ShouldBe(acknowledged + backlog);
        }
    }
}
