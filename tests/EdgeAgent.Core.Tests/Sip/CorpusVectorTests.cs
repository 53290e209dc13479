using System.Text;
using System.Text.Json;
using EdgeAgent.Core.Sip;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Sip;

/// <summary>
/// Values that the parsers of other projects are tested with, found through EDGEAGENT_CORPUS, each with its expected outcome. They
/// are not part of the repository; a few of our own have the same form.
/// </summary>
public sealed class CorpusVectorTests
{
    /// <summary>Fields of Via that the agent does not read: only the topmost branch tells transactions apart.</summary>
    private static readonly HashSet<string> NotReadOfVia = ["transport", "host", "port", "received", "rport", "count", "branches.count", "branches.1"];

    private static readonly Dictionary<string, PrivacyValues> Privacy = new(StringComparer.Ordinal)
    {
        ["none"] = PrivacyValues.NotWanted,
        ["id"] = PrivacyValues.Id,
        ["user"] = PrivacyValues.User,
        ["history"] = PrivacyValues.History,
        ["critical"] = PrivacyValues.Critical,
    };

    /// <summary>Vectors whose outcome here is another, by decision.</summary>
    private static readonly Dictionary<string, string> Decided = new(StringComparer.Ordinal)
    {
        ["v041"] = "an octet that is no UTF-8 stays in the display name as it is; what is expected is words",
        ["v241"] = "a CSeq above 2^31 is refused (RFC 3261 §8.1.1.5)",
        ["v315"] = "without Call-ID and CSeq nothing can be counted, so the message is refused",
    };

    private static readonly string[] Own =
    [
        """{"id":"own1","kind":"uri","input":"sip:+33199000001;x=y@h:5080;lr","accept":true,"expected":{"scheme":"sip","user":"+33199000001;x=y","user_number":"+33199000001","host":"h","port":5080,"params":{"lr":null}}}""",
        """{"id":"own2","kind":"name-addr","input":"\"A, \\\"B\\\"\" <tel:0199000001>;tag=t","accept":true,"expected":{"display":"A, \"B\"","uri":"tel:0199000001","user":"0199000001","port":null,"tag":"t"}}""",
        """{"id":"own3","kind":"header","header":"Via","input":"SIP/2.0/UDP h;branch=b1, SIP/2.0/UDP i;branch=b2","accept":true,"expected":{"count":2,"branches":["b1","b2"]}}""",
        """{"id":"own4","kind":"header","header":"P-Asserted-Identity","input":"P-Asserted-Identity: <sip:a@h>, <tel:1>\r\n","accept":true,"expected":{"values":[{"uri":"sip:a@h"},{"user_number":"1"}]}}""",
        """{"id":"own5","kind":"start-line","input":"SIP/3.0 200 OK","accept":"reject","expected":{}}""",
    ];

    [Fact]
    public void AnyReader_EveryVectorOfTheCorpus_GivesTheExpectedFields()
    {
        List<string> vectors = [.. Own];
        if (TestFiles.Corpus("vectors.jsonl") is string path)
        {
            vectors.AddRange(File.ReadAllLines(path));
            vectors.Count.ShouldBe(207 + Own.Length);
        }

        List<string> faults = [];
        foreach (string line in vectors)
        {
            using JsonDocument vector = JsonDocument.Parse(line);
            string id = vector.RootElement.GetProperty("id").GetString()!;
            string[] differences = [.. Differences(vector.RootElement)];
            if (!Decided.ContainsKey(id))
            {
                faults.AddRange(differences.Select(difference => $"{id}: {difference}"));
            }
            else if (differences.Length == 0)
            {
                faults.Add($"{id}: as expected, though listed otherwise");
            }
        }

        faults.ShouldBeEmpty();
    }

    private static IEnumerable<string> Differences(JsonElement vector)
    {
        byte[] input = vector.TryGetProperty("input_b64", out JsonElement octets)
            ? octets.GetBytesFromBase64()
            : Encoding.UTF8.GetBytes(vector.GetProperty("input").GetString()!);
        SipParserPropertyTests.ReadEverything(input); // whatever is expected: nothing throws
        string accept = vector.GetProperty("accept").ToString();
        string kind = vector.GetProperty("kind").GetString()!;
        JsonElement expected = vector.GetProperty("expected");
        if (kind == "message")
        {
            return accept == "reject"
                ? Refusal(ParsedMessage.Of(input).Rejection == SipRejection.None)
                : ExpectedMessage.Differences(expected, input);
        }

        string header = vector.TryGetProperty("header", out JsonElement name) ? name.GetString() ?? "" : "";
        Dictionary<string, string> wanted = [];
        Flatten(expected, "", wanted);
        wanted.Remove("user_digits"); // visual separators are for the numbers to judge, see NumberNormaliserTests
        if (header == "Privacy")
        {
            PrivacyValues values = wanted.Values.Aggregate(PrivacyValues.None, (all, word) => all | Privacy.GetValueOrDefault(word));
            wanted = new Dictionary<string, string> { ["values"] = values.ToString() };
        }

        Dictionary<string, string>? actual = Read(kind, header, input, [.. wanted.Keys.Where(key => key.Contains("params.", StringComparison.Ordinal))]);
        return accept switch
        {
            "reject" => Refusal(actual is not null && actual.GetValueOrDefault("values.0.user_number", "x").Length > 0),
            "reject-or-null-user" => Refusal(actual is not null && actual.Any(field => field is { Key: "user_number" or "values.0.user_number", Value.Length: > 0 })),
            _ when actual is null => wanted.Count == 0 ? [] : ["refused"],
            _ => Compare(wanted, actual, header),
        };
    }

    private static IEnumerable<string> Refusal(bool isAccepted) => isAccepted ? ["accepted"] : [];

    private static Dictionary<string, string>? Read(string kind, string header, byte[] input, string[] parameters) => kind switch
    {
        "name-addr" => VectorFields.Address(input, parameters),
        "uri" => VectorFields.Uri(input, parameters),
        "start-line" => VectorFields.StartLine(input),
        "header" when SipSamples.Text(input).StartsWith(header + ":", StringComparison.Ordinal) => VectorFields.List(input, parameters),
        "header" => VectorFields.Header(header, SipSamples.Text(input)),
        _ => throw new InvalidOperationException(kind),
    };

    private static IEnumerable<string> Compare(Dictionary<string, string> wanted, Dictionary<string, string> actual, string header)
    {
        foreach ((string key, string text) in wanted)
        {
            if (header == "Via" && NotReadOfVia.Contains(key))
            {
                continue;
            }

            string found = actual.GetValueOrDefault(key == "branches.0" ? "branch" : key, "not compared");
            string expected = key.EndsWith("display", StringComparison.Ordinal) ? ExpectedMessage.OneBlank(text)
                : key.Contains("params.", StringComparison.Ordinal) ? text.Trim('"')
                : text;
            if (found != expected)
            {
                yield return $"{key}: \"{found}\" for \"{expected}\"";
            }
        }
    }

    /// <summary>A tree as one name per leaf; nothing is an empty text.</summary>
    private static void Flatten(JsonElement tree, string prefix, Dictionary<string, string> fields)
    {
        if (tree.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty member in tree.EnumerateObject())
            {
                Flatten(member.Value, prefix.Length == 0 ? member.Name : $"{prefix}.{member.Name}", fields);
            }
        }
        else if (tree.ValueKind == JsonValueKind.Array)
        {
            int count = 0;
            foreach (JsonElement each in tree.EnumerateArray())
            {
                Flatten(each, $"{prefix}.{count++}", fields);
            }

            fields[$"{prefix}.count"] = $"{count}";
        }
        else
        {
            fields[prefix] = tree.ToString();
        }
    }
}
