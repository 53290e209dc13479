using System.Text.Json;
using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.EndToEnd;

/// <summary>Anonymised captures count like their originals and hold nothing of them.</summary>
public sealed partial class AnonymiseTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<string> Captures =>
    [
        "demo-two-campaigns.pcap.gz", "asterisk-main-mixed/wan0.pcap", "asterisk-lossy/wan0.pcap", "asterisk-crash-kill9/wan0.pcap",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(Captures))]
    public async Task Anonymise_CommittedCapture_CountsTheSameCallByCall(string name)
    {
        AnonymisedCapture capture = await MakeAsync(name);

        ReplayOutput before = await ReplayOutput.RunAsync(Token, capture.Before, "--trunk", AnonymisedCapture.Trunk);
        ReplayOutput after = await ReplayOutput.RunAsync(Token, capture.After, "--trunk", capture.MaskedTrunk);

        after.Totals.GetRawText().ShouldBe(before.Totals.GetRawText());
        after.Calls.Count.ShouldBe(before.Calls.Count);
        Dictionary<string, string> numbers = [];
        Dictionary<string, string> persons = [];
        foreach ((ReplayCall was, ReplayCall now) in before.Calls.Zip(after.Calls))
        {
            now.ShouldBe(was with { CallId = now.CallId, Number = now.Number, Person = now.Person, Trunk = now.Trunk });
            (now.Trunk is null).ShouldBe(was.Trunk is null);
            ShouldCorrespond(numbers, was.Number, now.Number);
            ShouldCorrespond(persons, was.Person ?? "", now.Person ?? "");
        }

        after.Rows.Count.ShouldBe(before.Rows.Count);
        foreach ((string number, JsonElement row) in before.Rows)
        {
            JsonElement masked = after.Rows[numbers.GetValueOrDefault(number, number)];
            WithoutNumber(masked).ShouldBe(WithoutNumber(row));
        }
    }

    [Theory]
    [MemberData(nameof(Captures))]
    public async Task Anonymise_CommittedCapture_HoldsNothingOfTheOriginal(string name)
    {
        AnonymisedCapture capture = await MakeAsync(name);
        string before = AnonymisedCapture.TextOf(capture.Before);
        string after = AnonymisedCapture.TextOf(capture.After);

        HashSet<string> addresses = All(Addresses(), before);
        addresses.ShouldContain("10.20.0.2");
        HashSet<string> callIds = All(CallIds(), before);
        callIds.Count.ShouldBeGreaterThan(20);
        HashSet<string> tags = [.. All(Tags(), before).Where(tag => tag.Length > 4)];
        tags.Count.ShouldBeGreaterThan(20);
        HashSet<string> users = [.. All(Users(), before).Where(user => user.Length > 4 && user is not ("anonymous" or "asterisk"))];
        HashSet<string> numbers = [.. users.Where(user => user.Length >= 9 && user.All(c => char.IsAsciiDigit(c) || c == '+')).Select(user => user[^9..])];
        numbers.Count.ShouldBeGreaterThan(10);

        All(Addresses(), after).Intersect(addresses).ShouldBeEmpty();
        capture.HeaderAddresses().Intersect(addresses).ShouldBeEmpty();
        All(CallIds(), after).Intersect(callIds).ShouldBeEmpty();
        All(CallIds(), after).Count.ShouldBe(callIds.Count);
        All(Users(), after).Intersect(users).ShouldBeEmpty();
        foreach (string secret in (IEnumerable<string>)[.. callIds, .. tags, .. numbers])
        {
            after.ShouldNotContain(secret, Case.Insensitive);
        }
    }

    [Fact]
    public async Task Anonymise_WithAKeyFile_GivesTheSameEveryTime()
    {
        string key = _directory.File("key");
        AnonymisedCapture first = await MakeAsync("asterisk-crash-kill9/wan0.pcap", "first.pcap", "--key", key);
        AnonymisedCapture second = await MakeAsync("asterisk-crash-kill9/wan0.pcap", "second.pcap", "--key", key);
        AnonymisedCapture other = await MakeAsync("asterisk-crash-kill9/wan0.pcap", "other.pcap");

        byte[] bytes = await File.ReadAllBytesAsync(first.After, Token);
        (await File.ReadAllBytesAsync(second.After, Token)).ShouldBe(bytes);
        (await File.ReadAllBytesAsync(other.After, Token)).ShouldNotBe(bytes);
    }

    [Fact]
    public async Task Anonymise_OutputThatExists_IsLeftAloneWithoutForce()
    {
        string capture = Path.Combine(TestFiles.Captures, "asterisk-crash-kill9", "wan0.pcap");
        string output = _directory.File("out.pcap");
        await File.WriteAllTextAsync(output, "precious", Token);

        ProcessRun refused = await AgentBinary.RunAsync(Token, "anonymise", capture, output);
        refused.ExitCode.ShouldBe(2);
        refused.Error.ShouldContain("--force");
        (await File.ReadAllTextAsync(output, Token)).ShouldBe("precious");

        (await AgentBinary.RunAsync(Token, "anonymise", capture, output, "--force")).ExitCode.ShouldBe(0);
        new FileInfo(output).Length.ShouldBeGreaterThan(10_000);
        Directory.GetFiles(_directory.Path).ShouldBe([output]);
    }

    [Fact]
    public async Task Anonymise_OntoItself_IsRefusedEvenWithForce()
    {
        string capture = _directory.File("own.pcap");
        File.Copy(Path.Combine(TestFiles.Captures, "asterisk-crash-kill9", "wan0.pcap"), capture);
        byte[] before = await File.ReadAllBytesAsync(capture, Token);

        ProcessRun run = await AgentBinary.RunAsync(Token, "anonymise", capture, capture, "--force");

        run.ExitCode.ShouldBe(2);
        (await File.ReadAllBytesAsync(capture, Token)).ShouldBe(before);
    }

    [Fact]
    public async Task Anonymise_WhatIsNoCapture_WritesNothing()
    {
        string input = _directory.File("notes.txt");
        await File.WriteAllTextAsync(input, "no capture at all", Token);
        string output = _directory.File("out.pcap");

        ProcessRun run = await AgentBinary.RunAsync(Token, "anonymise", input, output);

        run.ExitCode.ShouldBe(65);
        File.Exists(output).ShouldBeFalse();
    }

    private static string WithoutNumber(JsonElement row) => string.Join(
        ',', row.EnumerateObject().Where(member => member.Name != "number").Select(member => $"{member.Name}:{member.Value.GetRawText()}"));

    private static void ShouldCorrespond(Dictionary<string, string> pairs, string was, string now)
    {
        if (pairs.TryGetValue(was, out string? known))
        {
            now.ShouldBe(known);
            return;
        }

        pairs.ContainsValue(now).ShouldBeFalse($"{was} and another one both became {now}");
        pairs.Add(was, now);
    }

    private static HashSet<string> All(Regex pattern, string text) =>
        [.. pattern.Matches(text).Select(match => match.Groups[1].Value)];

    [GeneratedRegex(@"(?<![\w.])(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})(?![\w.])")]
    private static partial Regex Addresses();

    [GeneratedRegex(@"\nCall-ID: (\S+)\r")]
    private static partial Regex CallIds();

    [GeneratedRegex(@";(?:tag|branch)=(?:z9hG4bK)?([^;>\s]+)")]
    private static partial Regex Tags();

    [GeneratedRegex(@"sips?:([^@\s;>]+)@")]
    private static partial Regex Users();

    private Task<AnonymisedCapture> MakeAsync(string name, string output = "out.pcap", params string[] options) =>
        AnonymisedCapture.MakeAsync(Path.Combine(TestFiles.Captures, name), _directory.File(output), Token, options);
}
