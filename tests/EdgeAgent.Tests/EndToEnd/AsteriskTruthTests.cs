using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.EndToEnd;

/// <summary>Replay of captures of a real Asterisk against what the PBX and the wire itself say, call by call.</summary>
public sealed class AsteriskTruthTests
{
    private const double TalkToleranceSeconds = 0.010;
    private const double AnswerToleranceSeconds = 0.010;

    [Theory]
    [InlineData("main-mixed")]
    [InlineData("lossy")]
    [InlineData("crash-kill9")]
    public async Task Replay_TrunkInterfaceOfAsterisk_EqualsTruthCallByCall(string scenario)
    {
        string directory = Path.Combine(TestFiles.Captures, $"asterisk-{scenario}");
        IReadOnlyList<AsteriskLeg> legs = AsteriskLeg.Read(Path.Combine(directory, "legs.csv"));

        ReplayOutput output = await ReplayAsync(Path.Combine(directory, "wan0.pcap"));

        ShouldEqual(output, legs);
    }

    /// <summary>
    /// The same traffic seen on every interface of the PBX: phone legs, loopback and HEP copies must not add a call. The files are
    /// large and stand beside the corpus; without it the trunk captures above are what is compared.
    /// </summary>
    [Fact]
    public async Task Replay_AnyInterfaceOfAsterisk_EqualsTruthAndTheTrunkInterface()
    {
        foreach (string scenario in (string[])["main-mixed", "lossy", "crash-kill9"])
        {
            string committed = Path.Combine(TestFiles.Captures, $"asterisk-{scenario}");
            string legs = Path.Combine(committed, "legs.csv");
            ShouldEqual(await ReplayAsync(Path.Combine(committed, "wan0.pcap")), AsteriskLeg.Read(legs));
            if (TestFiles.Corpus is string corpus)
            {
                // On loopback HEP shows the encrypted trunk too; where the PBX was killed, legs.csv has no wire columns for it.
                string any = Path.Combine(corpus, "..", "captures", "asterisk", scenario, "any-sll2.pcap");
                bool hasTlsTruth = scenario != "crash-kill9";
                ReplayOutput output = await ReplayAsync(any);
                ShouldEqual(hasTlsTruth ? output : output.Without(AsteriskLeg.TlsNumber), AsteriskLeg.Read(legs, hasTlsTruth));
            }
        }
    }

    /// <summary>What the PBX handed over by HEP, alone: the encrypted trunk to the row, the rest to the call (its times are the PBX's own).</summary>
    [Fact]
    public async Task Replay_HepOfAsterisk_CountsEveryCallAndEqualsTruthOverTls()
    {
        string committed = Path.Combine(TestFiles.Captures, "asterisk-main-mixed");
        string legs = Path.Combine(committed, "legs.csv");
        AsteriskLeg.ReadTls(legs).Count.ShouldBe(44);
        if (TestFiles.Corpus is not string corpus)
        {
            return;
        }

        ReplayOutput output = await ReplayAsync(Path.Combine(corpus, "..", "captures", "asterisk", "main-mixed", "hep.pcap"));

        Dictionary<string, ReplayCall> calls = output.Calls.Where(call => call.Direction is "outbound" or "inbound")
            .ToDictionary(call => call.CallId, StringComparer.Ordinal);
        IReadOnlyList<AsteriskLeg> all = AsteriskLeg.Read(legs, withTls: true);
        calls.Keys.Order(StringComparer.Ordinal).ShouldBe(all.Select(leg => leg.CallId).Order(StringComparer.Ordinal));
        foreach (AsteriskLeg leg in all)
        {
            (calls[leg.CallId].AnsweredAt is not null).ShouldBe(leg.AnsweredAt is not null, leg.CallId);
            (calls[leg.CallId].TalkSeconds is not null).ShouldBe(leg.TalkSeconds is not null, leg.CallId);
        }

        foreach (AsteriskLeg leg in AsteriskLeg.ReadTls(legs))
        {
            ShouldEqual(calls[leg.CallId], leg);
        }
    }

    private static Task<ReplayOutput> ReplayAsync(string capture) =>
        ReplayOutput.RunAsync(TestContext.Current.CancellationToken, capture, "--trunk", "10.20.0.0/24");

    private static void ShouldEqual(ReplayOutput output, IReadOnlyList<AsteriskLeg> legs)
    {
        // With trunks named, phone legs and loopback copies are not calls of their own; what both ends hold inside is `internal`.
        List<ReplayCall> calls = [.. output.Calls.Where(call => call.Direction is "outbound" or "inbound")];
        calls.Select(call => call.CallId).Except(legs.Select(leg => leg.CallId)).ShouldBeEmpty("calls that are none");
        legs.Select(leg => leg.CallId).Except(calls.Select(call => call.CallId)).ShouldBeEmpty("calls not counted");
        calls.Count.ShouldBe(legs.Count);
        output.Calls.Count(call => call.Direction is "unlistedTrunk" or "unknown").ShouldBe(0);

        Dictionary<string, ReplayCall> byCallId = calls.ToDictionary(call => call.CallId, StringComparer.Ordinal);
        foreach (AsteriskLeg leg in legs)
        {
            ShouldEqual(byCallId[leg.CallId], leg);
        }

        NumberSums.Lines(output.Sums).ShouldBe(NumberSums.Lines(Sums(legs, byCallId)));
        foreach (IGrouping<string, AsteriskLeg> group in legs.Where(leg => !leg.Inbound).GroupBy(leg => leg.Number))
        {
            double expected = group.Sum(leg => leg.TalkSeconds ?? 0);
            output.Sums[group.Key].TalkSeconds.ShouldBe(expected, TalkToleranceSeconds * group.Count(), group.Key);
        }
    }

    private static void ShouldEqual(ReplayCall call, AsteriskLeg leg)
    {
        call.Direction.ShouldBe(leg.Inbound ? "inbound" : "outbound", leg.CallId);
        call.Number.ShouldBe(leg.Number, leg.CallId);
        call.Status.ShouldBe(leg.Status, leg.CallId);
        (call.Disposition is null).ShouldBe(IsLeftOpen(leg, call), leg.CallId);
        (call.AnsweredAt is not null).ShouldBe(leg.AnsweredAt is not null, leg.CallId);
        if (leg.AnsweredAt is double answered)
        {
            EpochSeconds(call.AnsweredAt).ShouldBe(answered, AnswerToleranceSeconds, leg.CallId);
        }

        if (leg.TalkSeconds is double talk)
        {
            call.TalkSeconds.ShouldNotBeNull(leg.CallId).ShouldBe(talk, TalkToleranceSeconds, leg.CallId);
            call.EndEvidence.ShouldBe("bye", leg.CallId);
        }
        else
        {
            call.TalkSeconds.ShouldBeNull(leg.CallId);
        }
    }

    /// <summary>The dispositions follow from agent/DEFINITIONS.md; only whether a 487 had rung is read from the call itself.</summary>
    private static Dictionary<string, NumberSums> Sums(
        IReadOnlyList<AsteriskLeg> legs, Dictionary<string, ReplayCall> calls)
    {
        Dictionary<string, NumberSums> sums = new(StringComparer.Ordinal);
        foreach (AsteriskLeg leg in legs)
        {
            if (!sums.TryGetValue(leg.Number, out NumberSums? sum))
            {
                sums.Add(leg.Number, sum = new NumberSums());
            }

            if (leg.Inbound)
            {
                sum.InboundAttempts++;
                sum.InboundAnswered += leg.AnsweredAt is null ? 0 : 1;
                continue;
            }

            sum.Attempts++;
            sum.Answered += leg.AnsweredAt is null ? 0 : 1;
            sum.AnsweredEnded += leg.TalkSeconds is null ? 0 : 1;
            ReplayCall call = calls[leg.CallId];
            if (!IsLeftOpen(leg, call))
            {
                sum.Count(DispositionOf(leg.Status, rang: call.RingSeconds is not null));
            }
        }

        return sums;
    }

    /// <summary>Without a final response on the wire a call is open when the capture ends, unless nothing at all answered it for 32 s.</summary>
    private static bool IsLeftOpen(AsteriskLeg leg, ReplayCall call) => leg.Status is null && call.EndEvidence == "capture-end";

    private static string DispositionOf(int? status, bool rang) => status switch
    {
        >= 200 and < 300 => "answered",
        486 or 600 => "busy",
        480 => "noAnswer",
        487 or 408 when rang => "noAnswer",
        487 => "cancelled",
        403 or 603 or 606 => "rejected",
        607 or 608 => "unwanted",
        404 or 410 or 484 or 604 => "invalidNumber",
        _ => "failed",
    };

    private static double EpochSeconds(DateTimeOffset? at) =>
        (at.ShouldNotBeNull() - DateTimeOffset.UnixEpoch).TotalSeconds;
}
