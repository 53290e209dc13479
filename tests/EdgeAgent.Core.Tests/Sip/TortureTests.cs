using System.Text.Json;
using EdgeAgent.Core.Sip;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Sip;

/// <summary>Our own torture messages (tests/torture), each with its outcome.</summary>
public sealed class TortureTests
{
    public static TheoryData<string> Files =>
        [.. Directory.EnumerateFiles(TestFiles.Torture, "*.sip").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void TryParse_TortureMessage_GivesTheOutcomeOfTheIndex(string file)
    {
        JsonElement expected = Index().Single(row => row.GetProperty("file").GetString() == file);
        ParsedMessage actual = ParsedMessage.Of(File.ReadAllBytes(Path.Combine(TestFiles.Torture, file)));

        actual.Rejection.ToString().ShouldBe(expected.GetProperty("rejection").GetString(), StringCompareShould.IgnoreCase);
        if (actual.Rejection == SipRejection.None)
        {
            expected.EnumerateObject().Select(field => $"{field.Name}: {field.Value}")
                .ShouldBe(expected.EnumerateObject().Select(field => $"{field.Name}: {Field(field, actual)}"));
        }
    }

    [Fact]
    public void Index_EveryRow_HasItsFile()
    {
        Index().Select(row => row.GetProperty("file").GetString()!).Order(StringComparer.Ordinal)
            .ShouldBe(Files.Select(row => row.Data));
    }

    private static JsonElement[] Index() => TestFiles.ReadArray(Path.Combine(TestFiles.Torture, "index.json"));

    private static string? Field(JsonProperty field, ParsedMessage actual) => field.Name switch
    {
        "file" or "shows" or "rejection" => field.Value.GetString(),
        "method" => JsonNamingPolicy.CamelCase.ConvertName(actual.Method.ToString()),
        "status" => $"{actual.StatusCode}",
        "callId" => ExpectedMessage.Utf8(actual.CallId),
        "cseq" => $"{actual.CSeq}",
        "fromTag" => actual.FromTag,
        "toTag" => actual.ToTag,
        "branch" => actual.ViaBranch,
        "fromUser" => ParsedMessage.UserNumber(actual.From),
        "toUser" => ParsedMessage.UserNumber(actual.To),
        "contentLength" => $"{actual.ContentLength}",
        _ => "not compared",
    };
}
