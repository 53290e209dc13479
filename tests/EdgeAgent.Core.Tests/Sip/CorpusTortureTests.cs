using System.Text.Json;
using EdgeAgent.Core.Sip;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Sip;

/// <summary>
/// Every message of RFC 4475 and RFC 5118, PROTOS c07-sip and parser tests of others, found through EDGEAGENT_CORPUS, against the
/// verdict of the corpus. They are not part of the repository: our own torture messages are tried everywhere.
/// </summary>
public sealed class CorpusTortureTests
{
    /// <summary>Malformed messages from which more could be read than the agent does, each with its reason.</summary>
    private static readonly Dictionary<string, SipRejection> Refused = new(StringComparer.Ordinal)
    {
        ["rfc4475-scalar02.dat"] = SipRejection.BadCSeq, // a REGISTER; no CSeq above 2^31 can be compared with its successors
        ["rfc4475-scalarlg.dat"] = SipRejection.BadCSeq, // a response to OPTIONS
        ["rfc4475-mismatch02.dat"] = SipRejection.CSeqMethodMismatch, // no call by its start line
        ["kamailio-invite1.sip"] = SipRejection.NoTo, // nobody can answer it (RFC 3261 §8.1.1)
        ["kamailio-invite4-cseq.sip"] = SipRejection.BadCSeq, // "CSeq:101", no method
    };

    [Fact]
    public void TryParse_EveryMessageOfTheCorpus_HasTheOutcomeOfItsVerdict()
    {
        List<string> faults = [.. Faults("extract", "sample", SipSamples.Bytes(SipSamples.Busy), Sample())];
        if (TestFiles.Corpus("torture") is string folder)
        {
            JsonElement[] index = TestFiles.ReadArray(Path.Combine(folder, "index.json"));
            index.Length.ShouldBe(99);
            foreach (JsonElement row in index)
            {
                string path = TestFiles.Corpus(row.GetProperty("file").GetString()!)!;
                string verdict = row.GetProperty("verdict").GetString()!;
                row.TryGetProperty("expect", out JsonElement expected);
                faults.AddRange(Faults(verdict, Path.GetFileName(path), File.ReadAllBytes(path), expected));
            }

            index.Select(row => TestFiles.Corpus(row.GetProperty("file").GetString()!)!).Order(StringComparer.Ordinal).ShouldBe(
                Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                    .Where(path => Path.GetFileName(path) != "index.json").Order(StringComparer.Ordinal));
        }

        faults.ShouldBeEmpty();
    }

    private static JsonElement Sample()
    {
        using JsonDocument document = JsonDocument.Parse(
            """{"type":"response","status":486,"from_user":"+33199000002","to_tag":"77","cseq_number":"012570","is_new_call":false}""");
        return document.RootElement.Clone();
    }

    private static IEnumerable<string> Faults(string verdict, string name, byte[] bytes, JsonElement expected)
    {
        SipParserPropertyTests.ReadEverything(bytes); // whatever the verdict: nothing throws
        ParsedMessage actual = ParsedMessage.Of(bytes);
        return verdict switch
        {
            "extract" => Named(name, ExpectedMessage.Differences(expected, bytes)),
            "lenient" when Refused.TryGetValue(name, out SipRejection cause) =>
                actual.Rejection == cause ? [] : [$"{name}: {actual.Rejection} for {cause}"],
            "lenient" => Named(name, ExpectedMessage.Differences(expected, bytes)),
            "reject" => actual.Rejection != SipRejection.None ? [] : [$"{name}: accepted"],
            "either" when actual.Rejection != SipRejection.None => [],
            "either" => Named(name, ExpectedMessage.Differences(expected, bytes)),
            "robust" => IsInventedCall(actual, bytes) ? [$"{name}: an INVITE that is none"] : [],
            _ => [$"{name}: unknown verdict {verdict}"],
        };
    }

    /// <summary>Only the exact method makes a call, whatever else the request line holds.</summary>
    private static bool IsInventedCall(ParsedMessage actual, byte[] bytes) =>
        actual is { Rejection: SipRejection.None, IsRequest: true, Method: SipMethod.Invite }
        && !SipSamples.Text(bytes).TrimStart('\r', '\n').StartsWith("INVITE ", StringComparison.Ordinal);

    private static IEnumerable<string> Named(string name, IEnumerable<string> differences) =>
        differences.Select(difference => $"{name}: {difference}");
}
