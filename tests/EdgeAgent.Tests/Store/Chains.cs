using EdgeAgent.Core.Evidence;
using EdgeAgent.Store;
using Shouldly;

namespace EdgeAgent.Tests.Store;

/// <summary>Checks records of a journal as whoever receives them can.</summary>
internal static class Chains
{
    /// <summary>Outcome for records signed with the key of <paramref name="publicKey"/>.</summary>
    public static ChainReport Check(string publicKey, IEnumerable<JournalRecord> records, params Anchor[] anchors)
    {
        EvidenceKey.TryRead(publicKey, out EvidenceKey? key).ShouldBeTrue();
        using (key)
        {
            using RecordChain chain = new([key!]);
            foreach (Anchor anchor in anchors)
            {
                chain.Expect(anchor, "the collector");
            }

            foreach (JournalRecord record in records)
            {
                chain.Add(record.Payload.Span, "a record", record.Seq);
            }

            return chain.Report();
        }
    }

    /// <summary>The records must be good.</summary>
    public static ChainReport ShouldVerify(this IEnumerable<JournalRecord> records, JournalStore store)
    {
        ChainReport report = Check(store.Identity.PublicKey, records);
        report.IsGood.ShouldBeTrue(string.Join('\n', report.Findings.Select(finding => finding.Text)));
        return report;
    }

    /// <summary>What a collector that holds the record says.</summary>
    public static Anchor AnchorOf(JournalRecord record)
    {
        SignedRecord.TryRead(record.Payload.Span, out SignedRecord? read, out string fault).ShouldBeTrue(fault);
        return new Anchor("5e1f", Samples.Morning, read!.Epoch, read.Seq, read.Hash);
    }
}
