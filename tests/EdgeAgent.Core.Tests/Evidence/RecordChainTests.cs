using System.Security.Cryptography;
using System.Text;
using EdgeAgent.Core.Evidence;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Evidence;

/// <summary>Each way to tamper with records, found and named by number.</summary>
public sealed class RecordChainTests : IDisposable
{
    private readonly SigningAgent _agent = new SigningAgent().Minutes(10);

    public void Dispose() => _agent.Dispose();

    [Fact]
    public void Report_WholeEpoch_IsGoodAndTellsWhatIsHere()
    {
        ChainReport report = Check.Of(_agent.Records);

        report.IsGood.ShouldBeTrue(Texts(report));
        EpochSummary epoch = report.Epochs.ShouldHaveSingleItem();
        (epoch.First, epoch.Last, epoch.Records, epoch.Copies, epoch.AnchoredSeq).ShouldBe((1, 10, 10, 0, 0));
        report.Notices.ShouldBeEmpty();
        report.IsPinned.ShouldBeFalse();
        report.Keys.ShouldHaveSingleItem().Length.ShouldBe(16);
    }

    [Fact]
    public void Report_EditedFigure_NamesTheRecord()
    {
        List<byte[]> records = [.. _agent.Records];
        records[4] = Replace(records[4], "\"attempts\":1", "\"attempts\":0");

        ChainReport report = Check.Of(records);

        report.FindingCount.ShouldBe(1, Texts(report));
        report.First().Kind.ShouldBe(FindingKind.Signature);
        report.First().Seq.ShouldBe(5);
        report.First().Text.ShouldBe($"record 5 of epoch {_agent.Epoch} was edited: its signature does not fit its content");
    }

    [Fact]
    public void Report_DeletedRecords_NamesTheFirst()
    {
        ChainReport report = Check.Of([.. _agent.Records[..4], .. _agent.Records[6..]]);

        report.First().ShouldBe(new Finding(
            FindingKind.Gap, SigningAgent.Agent, _agent.Epoch, 5,
            $"record 5 of epoch {_agent.Epoch} is missing, and all up to 6; no tombstone explains it"));
    }

    [Fact]
    public void Report_NumbersSwapped_NamesBoth()
    {
        List<byte[]> records = [.. _agent.Records];
        records[2] = Replace(_agent[4], "\"seq\":4", "\"seq\":3");
        records[3] = Replace(_agent[3], "\"seq\":3", "\"seq\":4");

        Check.Of(records).Findings.Select(finding => (finding.Kind, finding.Seq))
            .ShouldBe([(FindingKind.Signature, 3), (FindingKind.Signature, 4)]);
    }

    [Fact]
    public void Report_RecordSignedAnewWithTheRealKey_NamesItByItsSuccessor()
    {
        using SigningAgent forger = new SigningAgent(_agent.Epoch, key: _agent.Key).Minutes(4).Minutes(1, figure: "0");

        ChainReport report = Check.Of([.. _agent.Records[..4], forger[5], .. _agent.Records[5..]]);

        (report.First().Kind, report.First().Seq).ShouldBe((FindingKind.Link, 5));
    }

    [Fact]
    public void Report_OtherKey_IsRefusedThroughout()
    {
        using SigningAgent forger = new SigningAgent(_agent.Epoch).Minutes(3);

        ChainReport report = Check.Of([.. _agent.Records, forger[2]]);

        (report.First().Kind, report.First().Seq, report.FindingCount).ShouldBe((FindingKind.Signature, 2, 1));
        report.First().Text.ShouldContain("signed with another key");
    }

    [Fact]
    public void Report_PinnedKeyOfAnotherAgent_FitsNothing()
    {
        using SigningAgent other = new();
        EvidenceKey.TryRead(other.PublicKey, out EvidenceKey? pinned).ShouldBeTrue();
        using RecordChain chain = new([pinned!]);
        _agent.Records.ForEach(record => chain.Add(record, ""));

        chain.Report().FindingCount.ShouldBe(10);
        pinned!.Dispose();
    }

    [Fact]
    public void Report_NoKeyAnywhere_IsNotGood()
    {
        ChainReport report = Check.Of(_agent.Records[3..]);

        report.First().Kind.ShouldBe(FindingKind.Key);
        report.First().Text.ShouldBe("the public key of agent pbx-1 is not known: 7 signatures were not checked");
    }

    [Fact]
    public void Report_KeyComesLast_ChecksWhatCameBefore()
    {
        List<byte[]> records = [.. _agent.Records];
        records[6] = Replace(records[6], "\"attempts\":1", "\"attempts\":7");
        records.Reverse();

        ChainReport report = Check.Of(records);

        report.Findings.ShouldContain(finding => finding.Kind == FindingKind.Signature && finding.Seq == 7);
    }

    [Fact]
    public void Add_LiveFirstThenBacklogWithCopies_IsGood()
    {
        ChainReport report = Check.Of([_agent[9], _agent[10], .. _agent.Records[..8], _agent[9], _agent[3]]);

        report.Epochs[0].Copies.ShouldBe(2);
        report.Findings.ShouldNotContain(finding => finding.Kind != FindingKind.Key, Texts(report));
        report.IsGood.ShouldBeTrue(Texts(report));
    }

    [Fact]
    public void Add_SameContentSignedTwice_IsNoCopy()
    {
        SignedRecord.TryRead(_agent[4], out SignedRecord? read, out _).ShouldBeTrue();
        byte[] content = _agent[4][..^RecordSeal.Length];
        byte[] again = _agent.Seal(Encoding.UTF8.GetString(content));

        ChainReport report = Check.Of([.. _agent.Records, again]);

        read!.Hash.ShouldBe(RecordHash.Of(content));
        (report.First().Kind, report.First().Seq).ShouldBe((FindingKind.Conflict, 4));
    }

    [Fact]
    public void Report_OtherHistoryUnderTheSameNumbers_IsAConflict()
    {
        using SigningAgent second = new SigningAgent(_agent.Epoch, key: _agent.Key).Minutes(6).Minutes(2, figure: "0");

        ChainReport report = Check.Of([.. _agent.Records, .. second.Records[6..]]);

        (report.First().Kind, report.First().Seq).ShouldBe((FindingKind.Conflict, 7));
    }

    [Fact]
    public void Report_Tombstone_ExplainsItsHole()
    {
        _agent.AddTombstone((3, 5), (8, 8));

        ChainReport report = Check.Of([_agent[1], _agent[2], _agent[6], _agent[7], _agent[9], _agent[10], _agent[11]]);

        report.IsGood.ShouldBeTrue(Texts(report));
        report.Epochs[0].Explained.ShouldBe(4);
    }

    [Fact]
    public void Report_TombstoneForTheFirstRecords_StandsForTheBeginning()
    {
        _agent.AddTombstone((1, 5));

        ChainReport report = Check.Of(_agent.Records[5..]);

        report.IsGood.ShouldBeTrue(Texts(report));
        report.Notices.ShouldBeEmpty();
    }

    [Fact]
    public void Report_HoleWiderThanTheTombstone_IsAGap()
    {
        _agent.AddTombstone((3, 5));

        ChainReport report = Check.Of([_agent[1], _agent[2], .. _agent.Records[6..]]);

        (report.First().Kind, report.First().Seq).ShouldBe((FindingKind.Gap, 6));
    }

    [Fact]
    public void Report_TombstoneOfAnotherHistory_DoesNotFit()
    {
        using SigningAgent other = new SigningAgent(_agent.Epoch, key: _agent.Key).Minutes(10, figure: "7").AddTombstone((3, 5));

        ChainReport report = Check.Of([_agent[1], _agent[2], .. _agent.Records[5..], other[11]]);

        report.Findings.ShouldContain(finding => finding.Kind == FindingKind.Tombstone && finding.Seq == 2, Texts(report));
        report.Findings.ShouldContain(finding => finding.Kind == FindingKind.Tombstone && finding.Seq == 6, Texts(report));
    }

    [Fact]
    public void Report_StreamThatBeginsLater_SaysWhatIsNotHere()
    {
        EvidenceKey.TryRead(_agent.PublicKey, out EvidenceKey? key).ShouldBeTrue();
        using RecordChain chain = new([key!]);
        _agent.Records[3..].ForEach(record => chain.Add(record, ""));

        ChainReport report = chain.Report();

        report.IsGood.ShouldBeTrue(Texts(report));
        report.Notices.ShouldHaveSingleItem().ShouldBe($"epoch {_agent.Epoch}: records 1 to 3 are not here");
        key!.Dispose();
    }

    [Fact]
    public void RequireFrom_FirstRecordsDeleted_IsAGap()
    {
        ChainReport report = Check.Of([_agent[1], .. _agent.Records[4..]], chain => chain.RequireFrom(_agent.Epoch, 2));

        (report.First().Kind, report.First().Seq).ShouldBe((FindingKind.Gap, 2));
    }

    [Fact]
    public void Expect_EndCutOff_IsFound()
    {
        ChainReport report = Check.Of(_agent.Records[..7], chain => chain.Expect(_agent.AnchorOf(9), "the collector"));

        (report.First().Kind, report.First().Seq).ShouldBe((FindingKind.Gap, 8));
        report.First().Text.ShouldContain("the collector had them, here the epoch ends with 7");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Expect_HistoryRewrittenWithTheRealKey_IsFoundUpToTheAnchor(bool anchorIsInARecord)
    {
        using SigningAgent forger = new SigningAgent(_agent.Epoch, key: _agent.Key).Minutes(4).Minutes(4, figure: "0");
        if (anchorIsInARecord)
        {
            forger.AddAnchor(_agent.AnchorOf(3)).AddAnchor(_agent.AnchorOf(8));
        }

        ChainReport report = Check.Of(forger.Records, chain =>
        {
            if (!anchorIsInARecord)
            {
                chain.Expect(_agent.AnchorOf(3), "the collector");
                chain.Expect(_agent.AnchorOf(8), "the collector");
            }
        });

        report.FindingCount.ShouldBe(1, Texts(report));
        (report.First().Kind, report.First().Seq).ShouldBe((FindingKind.Rewritten, 8));
        report.First().Text.ShouldContain("after record 3, history up to it was rewritten");
        report.Epochs[0].AnchoredSeq.ShouldBe(3);
    }

    [Fact]
    public void Expect_RewrittenPastTheLastAnchor_CannotBeSeen()
    {
        using SigningAgent forger = new SigningAgent(_agent.Epoch, key: _agent.Key).Minutes(4).Minutes(4, figure: "0");

        ChainReport report = Check.Of(forger.Records, chain => chain.Expect(_agent.AnchorOf(4), "the collector"));

        report.IsGood.ShouldBeTrue("nothing can be promised past the anchor");
        report.Epochs[0].AnchoredSeq.ShouldBe(4);
    }

    [Fact]
    public void Expect_EpochThatIsNotHere_IsFound()
    {
        using SigningAgent fresh = new SigningAgent("20260601T000000Z-0000000000000009", key: _agent.Key).Minutes(2);

        ChainReport report = Check.Of(fresh.Records, chain => chain.Expect(_agent.AnchorOf(9), "the collector"));

        report.First().Text.ShouldBe($"nothing of epoch {_agent.Epoch} is here, of which the collector had record 9");
    }

    [Fact]
    public void Report_EpochAfterALoss_FollowsItsPredecessor()
    {
        using SigningAgent next = Next(_agent.LinkAfter(10), "damaged");

        ChainReport report = Check.Of([.. _agent.Records, .. next.Records]);

        report.IsGood.ShouldBeTrue(Texts(report));
        report.Epochs.Select(epoch => epoch.Predecessor).ShouldBe([null, _agent.Epoch]);
        report.Notices.ShouldHaveSingleItem().ShouldContain("loss of the store: damaged");
    }

    [Fact]
    public void Report_RolledBackStore_IsNamedByBothEpochs()
    {
        using SigningAgent next = Next(_agent.LinkAfter(10), "rolledBack");

        ChainReport report = Check.Of([.. _agent.Records[..6], .. next.Records]);

        report.Findings.Select(finding => (finding.Kind, finding.Epoch, finding.Seq)).ShouldBe([
            (FindingKind.Gap, _agent.Epoch, 7), (FindingKind.Rollback, next.Epoch, 1)]);
        report.Findings[1].Text.ShouldContain("put back to an older state, which ended with record 6");
    }

    [Fact]
    public void Report_PredecessorWithAnotherEnd_IsRewritten()
    {
        using SigningAgent forger = new SigningAgent(_agent.Epoch, key: _agent.Key).Minutes(10, figure: "0");
        using SigningAgent next = Next(_agent.LinkAfter(10), "damaged");

        (FindingKind, long) found = Check.Of([.. forger.Records, .. next.Records]).Findings.Select(f => (f.Kind, f.Seq)).First();

        found.ShouldBe((FindingKind.Rewritten, 10));
    }

    [Fact]
    public void Report_TwoSuccessorsOfOneEpoch_IsAFork()
    {
        using SigningAgent one = Next(_agent.LinkAfter(10), "damaged");
        using SigningAgent two = new SigningAgent("20260505T080000Z-0000000000000003", _agent.LinkAfter(10), _agent.Key).Minutes(1);

        ChainReport report = Check.Of([.. _agent.Records, .. one.Records, .. two.Records]);

        (report.First().Kind, report.First().Epoch).ShouldBe((FindingKind.Epoch, two.Epoch));
    }

    [Fact]
    public void Report_SecondEpochWithoutPredecessor_IsFound()
    {
        using SigningAgent fresh = new SigningAgent("20260601T000000Z-0000000000000009", key: _agent.Key).Minutes(2);

        ChainReport report = Check.Of([.. _agent.Records, .. fresh.Records]);

        (report.First().Kind, report.First().Epoch).ShouldBe((FindingKind.Epoch, fresh.Epoch));
        report.First().Text.ShouldContain("follows none, although");
    }

    [Fact]
    public void Report_FirstRecordWithAnotherLink_IsFound()
    {
        using SigningAgent liar = new(_agent.Epoch, key: _agent.Key);
        byte[] first = liar.Seal(
            $"{{\"v\":1,\"agent\":\"{SigningAgent.Agent}\",\"epoch\":\"{liar.Epoch}\",\"seq\":1,\"kind\":\"minute\","
            + $"{liar.Beginning}\"prev\":\"{new RecordHash(new byte[32])}\"");

        Check.Of([first]).First().Text.ShouldBe($"record 1 of epoch {liar.Epoch} does not say truly how the epoch begins");
    }

    [Fact]
    public void Add_ManyScatteredRecords_StaysWithinItsBounds()
    {
        EvidenceLimits limits = new() { Stretches = 3, Pages = 2, Epochs = 2, Pending = 8 };
        using SigningAgent second = new SigningAgent("b", key: _agent.Key).Minutes(1);
        using SigningAgent third = new SigningAgent("c", key: _agent.Key).Minutes(1);

        ChainReport report = Check.Of(
            [_agent[10], _agent[8], _agent[6], _agent[4], _agent[2], .. second.Records, .. third.Records],
            null,
            limits);

        report.Epochs.Count.ShouldBe(2);
        report.Epochs.First(epoch => epoch.Epoch == _agent.Epoch).Records.ShouldBe(3);
        report.Findings.Count(finding => finding.Kind == FindingKind.Limit).ShouldBe(2, Texts(report));
    }

    [Fact]
    public void Add_OldPagesForgotten_StillSeesHolesAndLinks()
    {
        using SigningAgent busy = new SigningAgent().Minutes(2_000);
        EvidenceLimits limits = new() { Pages = 1 };

        ChainReport whole = Check.Of([.. busy.Records, busy[1]], null, limits);
        ChainReport cut = Check.Of([.. busy.Records.Where((_, i) => i != 700)], null, limits);

        whole.IsGood.ShouldBeTrue(Texts(whole));
        whole.Notices.ShouldHaveSingleItem().ShouldContain("too late to be compared");
        (cut.First().Kind, cut.First().Seq).ShouldBe((FindingKind.Gap, 701));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("not a record")]
    public void Add_NoRecord_IsNamedByItsPlace(string line)
    {
        ChainReport report = Check.Of([Encoding.UTF8.GetBytes(line)]);

        report.First().Text.ShouldStartWith("line 1 does not end in a signature");
    }

    [Fact]
    public void TryRead_AnotherCurve_IsNoKey()
    {
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP384);

        EvidenceKey.TryRead(other.ExportSubjectPublicKeyInfoPem(), out _).ShouldBeFalse();
        EvidenceKey.TryRead("no key", out _).ShouldBeFalse();
        EvidenceKey.TryRead(_agent.Key.ExportSubjectPublicKeyInfoPem(), out EvidenceKey? key).ShouldBeTrue();
        key!.Text.ShouldBe(_agent.PublicKey);
        key.Dispose();
    }

    private SigningAgent Next(EpochLink link, string reason) =>
        new SigningAgent("20260505T080000Z-0000000000000002", link, _agent.Key)
            .Add($"\"kind\":\"event\",\"event\":\"storeLoss\",\"reason\":\"{reason}\",\"value\":6").Minutes(2);

    private static byte[] Replace(byte[] record, string what, string by)
    {
        string text = Encoding.UTF8.GetString(record);
        text.ShouldContain(what);
        return Encoding.UTF8.GetBytes(text.Replace(what, by, StringComparison.Ordinal));
    }

    private static string Texts(ChainReport report) => string.Join('\n', report.Findings.Select(finding => finding.Text));
}
