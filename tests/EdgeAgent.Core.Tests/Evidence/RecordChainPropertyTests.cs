using EdgeAgent.Core.Evidence;
using FsCheck.Xunit;
using Shouldly;

namespace EdgeAgent.Core.Tests.Evidence;

/// <summary>Whatever is done to a stream of records is found, or changes nothing of what they say.</summary>
public sealed class RecordChainPropertyTests : IDisposable
{
    private readonly SigningAgent _agent = new SigningAgent().Minutes(12).AddTombstone((3, 4)).Minutes(3);

    public void Dispose() => _agent.Dispose();

    [Property(MaxTest = 400)]
    public void Report_AnyByteOfAnyRecordChanged_IsFoundAtThatRecord(int which, int where, byte by)
    {
        List<byte[]> records = [.. _agent.Records.Select(record => record.ToArray())];
        int index = (int)((uint)which % records.Count);
        byte[] record = records[index];
        int at = (int)((uint)where % record.Length);
        if (by == record[at])
        {
            return;
        }

        record[at] = by;

        ChainReport report = _agent.Check(records);

        report.IsGood.ShouldBeFalse($"byte {at} of record {index + 1}");
        report.Findings.ShouldContain(finding => finding.Seq == index + 1 || finding.Seq == 0 || finding.Kind == FindingKind.Gap);
    }

    [Property(MaxTest = 200)]
    public void Report_AnyRecordsRemoved_NamesTheFirstHoleOrSaysWhatIsHere(uint mask)
    {
        List<byte[]> kept = [.. _agent.Records.Where((_, i) => (mask >> i & 1) == 0)];
        if (kept.Count == 0)
        {
            return;
        }

        ChainReport report = _agent.Check(kept);

        int first = _agent.Records.FindIndex(record => record == kept[0]);
        int last = _agent.Records.FindIndex(record => record == kept[^1]);
        bool hasTombstone = (mask >> 12 & 1) == 0;
        int hole = Enumerable.Range(first, last - first + 1)
            .FirstOrDefault(i => (mask >> i & 1) != 0 && !(hasTombstone && i is (2 or 3)), -1);
        if (hole >= 0)
        {
            report.Findings.Min(finding => finding.Seq).ShouldBe(hole + 1);
            report.First().Kind.ShouldBe(FindingKind.Gap);
        }
        else
        {
            report.Findings.ShouldBeEmpty();
            (report.Epochs[0].First, report.Epochs[0].Last).ShouldBe((first + 1, last + 1));
        }
    }

    [Property(MaxTest = 200)]
    public void Report_AnyOrderWithCopies_SaysTheSame(int seed, byte copies)
    {
        Random random = new(seed);
        byte[][] records = [.. _agent.Records, .. Enumerable.Range(0, copies % 8).Select(i => _agent.Records[random.Next(_agent.Records.Count)])];
        random.Shuffle(records);

        ChainReport report = _agent.Check(records);

        report.Findings.ShouldBeEmpty();
        EpochSummary epoch = report.Epochs.ShouldHaveSingleItem();
        (epoch.First, epoch.Last, epoch.Records, epoch.Copies).ShouldBe((1, 16, 16, copies % 8));
    }

    [Property(MaxTest = 200)]
    public void Report_AnyRecordInPlaceOfAnother_IsFound(int from, int to)
    {
        List<byte[]> records = [.. _agent.Records];
        int source = (int)((uint)from % records.Count);
        int target = (int)((uint)to % records.Count);
        records[target] = records[source];

        ChainReport report = _agent.Check(records);

        bool isExplained = target is 2 or 3 || source == target;
        bool isAtTheEnd = target == records.Count - 1; // the end may be missing: only an anchor can tell
        bool isAtTheStart = target == 0;
        report.IsGood.ShouldBe(isExplained || isAtTheEnd || isAtTheStart, string.Join('\n', report.Findings));
    }

    [Property(MaxTest = 300)]
    public void Add_AnyBytes_NeverThrows(byte[] bytes)
    {
        ChainReport report = _agent.Check([bytes, [.. _agent[1][..40], .. bytes]]);

        report.FindingCount.ShouldBeGreaterThan(0);
    }
}
