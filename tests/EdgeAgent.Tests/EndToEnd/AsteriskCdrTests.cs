using System.Globalization;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.EndToEnd;

/// <summary>
/// Replay of the trunk interface of a real Asterisk against that Asterisk's own CDRs (Master.csv), per caller ID. A CDR with a trunk as its
/// destination channel is an attempt, ANSWERED an answer, and billsec the talk time cut to whole seconds.
/// </summary>
public sealed class AsteriskCdrTests
{
    private const double ToleranceSeconds = 0.5;

    private const string Crossed = "200 crossing the CANCEL of the PBX: answered on the wire and ended by BYE, NO ANSWER in the CDR";
    private const string Killed = "up when the PBX was killed: it never wrote a CDR for them";
    private const string Lossy = "retransmissions on a trunk that loses 12 %: the PBX's clock of an answer or a hang-up is seconds from the wire's 200 or BYE";

    /// <summary>Every caller ID for which wire and CDR disagree, by how much, and why. One that agrees must not be here.</summary>
    private static readonly Dictionary<(string Scenario, string Number), Disagreement> Disagreements = new()
    {
        [("main-mixed", "+33199000001")] = new(Answered: 2, Why: Crossed),
        [("main-mixed", "+33261910004")] = new(Answered: 1, Why: Crossed),
        [("main-mixed", "+33465710007")] = new(Answered: 1, Why: Crossed),
        [("main-mixed", "+33199000011")] = new(Talk: true, Why: "the dial plan answers the agent before it dials: billsec holds ringing too"),
        [("lossy", "+33199000001")] = new(Talk: true, Why: Lossy),
        [("lossy", "+33261910003")] = new(Talk: true, Why: Lossy),
        [("lossy", "+33353010005")] = new(Talk: true, Why: Lossy),
        [("crash-kill9", "+33199000001")] = new(Attempts: 2, Answered: 2, Why: Killed),
        [("crash-kill9", "+33199000002")] = new(Attempts: 2, Answered: 2, Why: Killed),
        [("crash-kill9", "+33261910003")] = new(Attempts: 2, Answered: 2, Why: Killed),
        [("crash-kill9", "+33261910004")] = new(Attempts: 2, Answered: 2, Why: Killed),
        [("crash-kill9", "+33353010005")] = new(Attempts: 2, Answered: 2, Why: Killed),
    };

    [Theory]
    [InlineData("main-mixed", 10)]
    [InlineData("lossy", 8)]
    [InlineData("crash-kill9", 5)]
    public async Task Replay_TrunkInterface_EqualsTheCdrsPerCallerId(string scenario, int numbers)
    {
        string directory = Path.Combine(TestFiles.Captures, $"asterisk-{scenario}");
        Dictionary<string, Cdrs> expected = Cdrs.Read(Path.Combine(directory, "Master.csv"));
        expected.Remove(AsteriskLeg.TlsNumber); // in no capture of an interface

        ReplayOutput output = await ReplayOutput.RunAsync(
            TestContext.Current.CancellationToken, Path.Combine(directory, "wan0.pcap"), "--trunk", "10.20.0.0/24");

        Dictionary<string, NumberSums> wire = output.Sums.Where(pair => pair.Value.Attempts > 0 && pair.Key != AsteriskLeg.TlsNumber)
            .ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        wire.Keys.ShouldBe(expected.Keys, ignoreOrder: true);
        wire.Count.ShouldBe(numbers);
        foreach ((string number, Cdrs cdrs) in expected)
        {
            Disagreement known = Disagreements.GetValueOrDefault((scenario, number)) ?? new Disagreement();
            NumberSums seen = wire[number];
            (seen.Attempts - cdrs.Attempts).ShouldBe(known.Attempts, $"{number}: attempts beyond those with a CDR; {known.Why}");
            (seen.Answered - cdrs.Answered).ShouldBe(known.Answered, $"{number}: answers beyond those with a CDR; {known.Why}");

            // billsec is floor: each answered call has lost up to a second; those without a CDR lasted less than one.
            double lost = seen.TalkSeconds - cdrs.BilledSeconds;
            bool isAsBilled = lost >= -ToleranceSeconds && lost <= seen.Answered + ToleranceSeconds;
            isAsBilled.ShouldBe(!known.Talk, $"{number}: talk {seen.TalkSeconds} s, billed {cdrs.BilledSeconds} s; {known.Why}");
        }
    }

    private sealed record Disagreement(int Attempts = 0, int Answered = 0, bool Talk = false, string Why = "none known");

    /// <summary>CDRs of one caller ID with a trunk as destination.</summary>
    private sealed record Cdrs(int Attempts, int Answered, int BilledSeconds)
    {
        private const int Source = 1;
        private const int DestinationChannel = 6;
        private const int LastApplication = 7;
        private const int BillableSeconds = 13;
        private const int Disposition = 14;

        public static Dictionary<string, Cdrs> Read(string path)
        {
            Dictionary<string, Cdrs> sums = new(StringComparer.Ordinal);
            foreach (IReadOnlyList<string> row in Csv.ReadRows(path))
            {
                if (row[LastApplication] != "Dial" || !row[DestinationChannel].StartsWith("PJSIP/trunk", StringComparison.Ordinal))
                {
                    continue;
                }

                string number = E164(row[Source]);
                Cdrs sum = sums.GetValueOrDefault(number) ?? new Cdrs(0, 0, 0);
                bool isAnswered = row[Disposition] == "ANSWERED";
                sums[number] = new Cdrs(
                    sum.Attempts + 1,
                    sum.Answered + (isAnswered ? 1 : 0),
                    sum.BilledSeconds + (isAnswered ? int.Parse(row[BillableSeconds], CultureInfo.InvariantCulture) : 0));
            }

            return sums;
        }

        private static string E164(string number) => number[0] switch
        {
            '0' => string.Concat("+33", number.AsSpan(1)),
            '+' => number,
            _ => "+" + number,
        };
    }
}
