using System.Collections.Concurrent;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.EndToEnd;

/// <summary>
/// Every capture read by two programs that share no line of code: which Call-IDs are calls, which were answered, and with what
/// final response. The agent is not told the trunks: tshark knows none either.
/// </summary>
public sealed class TsharkCrossCheckTests
{
    /// <summary>Where the two disagree, and who is right. A capture listed here must disagree, or the list is out of date.</summary>
    private static readonly Dictionary<string, string> Disagreements = new(StringComparer.Ordinal)
    {
        ["04-response-before-invite.pcap"] = "tshark joins a response to its INVITE only when it comes after it",
        ["33-snap-length.pcap"] = "tshark takes a message whose body is cut off for none",
        ["39-crlf-on-stream.pcap"] = "tshark takes no message behind CRLF on a stream for SIP (RFC 3261 §7.5 allows it) and sees no call",
        ["tcp-keepalives.pcap"] = "tshark takes no message behind CRLF on a stream for SIP (RFC 3261 §7.5 allows it) and sees no call",
        ["tls12-ecdhe-dsb.pcapng"] = "tshark takes the keys out of the file and decrypts; the agent reads no TLS",
        ["hep-sngrep-b2bua.pcap"] = "tshark reads no HEP",
        ["hepws-hep.pcap"] = "tshark reads no HEP",
        ["hepagent-sip_ipv6.pcap"] = "made-up times: the 200 comes six years after its INVITE, long after the attempt ended as no-response",
        ["sipnab-c07-sip-r2.cap"] = "Microsoft Network Monitor 2 file, which the agent does not read",
    };

    [Fact]
    public async Task Replay_EveryOwnCapture_AgreesWithTshark()
    {
        List<string> captures = [.. Directory.EnumerateFiles(TestFiles.Captures, "*.pcap*", SearchOption.AllDirectories)];

        int compared = await CompareAsync(captures);

        captures.Count.ShouldBeGreaterThanOrEqualTo(4);
        compared.ShouldBeGreaterThan(800, "calls compared");
    }

    /// <summary>Where there is no corpus, the smallest of our own captures stands for it.</summary>
    [Fact]
    public async Task Replay_EveryCaptureOfTheCorpus_AgreesWithTshark()
    {
        List<string> captures = [Path.Combine(TestFiles.Captures, "asterisk-crash-kill9", "wan0.pcap")];
        if (TestFiles.Corpus is string corpus)
        {
            captures.AddRange(Directory.EnumerateFiles(Path.Combine(corpus, "pcap")));
            captures.AddRange(Directory.EnumerateFiles(Path.Combine(corpus, "derived"), "*.pcap*"));
            Disagreements.Keys.Where(name => !char.IsAsciiDigit(name[0])).Except(captures.Select(capture => Path.GetFileName(capture))).ShouldBeEmpty();
        }

        int compared = await CompareAsync(captures);

        compared.ShouldBeGreaterThan(captures.Count > 1 ? 900 : 25, "calls compared");
    }

    private static async Task<int> CompareAsync(List<string> captures)
    {
        ConcurrentBag<string> faults = [];
        int compared = 0;
        ParallelOptions options = new() { MaxDegreeOfParallelism = 2, CancellationToken = TestContext.Current.CancellationToken };
        await Parallel.ForEachAsync(captures, options, async (capture, cancellationToken) =>
        {
            string name = Path.GetFileName(capture);
            Dictionary<string, CallOutcome> expected = await TsharkCalls.ReadAsync(capture, cancellationToken);
            Dictionary<string, CallOutcome> actual = await ReplayAsync(capture, cancellationToken);
            string[] differences = [.. expected.Keys.Union(actual.Keys)
                .Where(callId => !(expected.TryGetValue(callId, out CallOutcome theirs)
                    && actual.TryGetValue(callId, out CallOutcome ours) && ours == theirs))
                .Select(callId => $"{name}: {callId}: {Words(actual, callId)}, tshark {Words(expected, callId)}")];
            if (!Disagreements.TryGetValue(name, out string? reason))
            {
                Array.ForEach(differences, faults.Add);
            }
            else if (differences.Length == 0)
            {
                faults.Add($"{name}: agrees, though listed: {reason}");
            }

            Interlocked.Add(ref compared, expected.Count);
        });

        faults.Order(StringComparer.Ordinal).ShouldBeEmpty();
        return compared;
    }

    private static async Task<Dictionary<string, CallOutcome>> ReplayAsync(string capture, CancellationToken cancellationToken)
    {
        ReplayOutput output = await ReplayOutput.RunAnyAsync(cancellationToken, capture);
        Dictionary<string, CallOutcome> calls = new(StringComparer.Ordinal);
        foreach (ReplayCall call in output.Calls.OrderBy(call => call.Start))
        {
            CallOutcome outcome = calls.GetValueOrDefault(call.CallId);
            calls[call.CallId] = outcome.IsAnswered || call.Status is not int status
                ? outcome
                : new CallOutcome(call.AnsweredAt is not null, status);
        }

        return calls;
    }

    private static string Words(Dictionary<string, CallOutcome> calls, string callId) =>
        calls.TryGetValue(callId, out CallOutcome outcome)
            ? $"{(outcome.IsAnswered ? "answered" : "not answered")}, final {outcome.Status?.ToString() ?? "none"}"
            : "no call";
}
