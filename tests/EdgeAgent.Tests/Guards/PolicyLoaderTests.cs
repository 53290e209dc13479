using System.Text.RegularExpressions;
using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Guard.Policy;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Guards;
using EdgeAgent.Tests.Packaging;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Guards;

public sealed partial class PolicyLoaderTests
{
    private static readonly string Shipped = File.ReadAllText(RepositoryFiles.PathOf("packaging/policy.yaml"));

    [Fact]
    public void Read_EmptyFile_IsTheDefault()
    {
        GuardPolicy policy = Good("# nothing");

        policy.Rules.ShouldBe(new RuleBook());
        policy.ObserveFor.ShouldBe(TimeSpan.FromDays(7));
        policy.Calendars.ShouldBe(FrenchLaw.Calendars);
    }

    [Fact]
    public void Read_AsShipped_ChangesNothing()
    {
        GuardPolicy policy = Good(Shipped);

        policy.Rules.ShouldBe(new RuleBook());
        policy.Alerts.ShouldBe(new AlertSettings());
    }

    [Fact]
    public void Read_ShippedDefaultsSpelledOut_ChangeNothing()
    {
        string spelledOut = Documented().Replace(Shipped, "$1$2");
        GuardPolicy policy = Good(spelledOut);

        policy.Rules.ShouldBe(new RuleBook());
        policy.Alerts.ShouldBe(new AlertSettings());
        PolicyLoader.Read(spelledOut).Values.Keys.Count(key => key.StartsWith("rules:", StringComparison.Ordinal))
            .ShouldBe(PolicyKeys.Root.Leaves("").Count(leaf => leaf.StartsWith("rules.", StringComparison.Ordinal))); // the pattern finds every one
    }

    [Fact]
    public void Read_ShippedExamples_AreValidAndTheLawIsTheBuiltIn()
    {
        string examples = Regex.Replace(Shipped, @"^(clients|campaigns|numbers|trunks|calendars|law): .*\n", "", RegexOptions.Multiline);
        examples = Regex.Replace(examples, @"^# ((?:clients|campaigns|numbers|trunks|calendars|law):|  .*)$", "$1", RegexOptions.Multiline);
        GuardPolicy policy = Good(examples);

        policy.Numbers.Single().Class.ShouldBe(NumberClass.VerifiedPlatform);
        policy.Campaigns.Single().Calendars.ShouldBe(["alsace-moselle"]);
        policy.Calendars.Count.ShouldBe(FrenchLaw.Calendars.Count + 1);
        policy.Hours.Single().Windows.ShouldBe(FrenchLaw.Hours.Single().Windows);
        policy.Hours.Single().Days.ShouldBe(FrenchLaw.Hours.Single().Days);
        (policy.Hours.Single().Reference, policy.Hours.Single().Calendar).ShouldBe((FrenchLaw.Hours.Single().Reference, FrenchLaw.Hours.Single().Calendar));
        policy.Attempts.ShouldBe(FrenchLaw.Attempts);
        policy.Consent.ShouldBe(FrenchLaw.Consent);
    }

    [Fact]
    public void Keys_OfTheProgram_AreAllDocumented()
    {
        string[] undocumented = [.. PolicyKeys.Root.Leaves("").Where(path =>
            !Regex.IsMatch(Shipped, $@"(^|[\s#-]){Regex.Escape(path[(path.LastIndexOf('.') + 1)..].Replace("[]", "", StringComparison.Ordinal))}:", RegexOptions.Multiline))];

        undocumented.ShouldBeEmpty();
    }

    [Fact]
    public void Keys_OfRules_AreEachRead()
    {
        // Every threshold set to a value of its own must change the book: a key that is checked but not read would be a silent lie.
        foreach (string leaf in PolicyKeys.Root.Leaves("").Where(leaf => leaf.StartsWith("rules.", StringComparison.Ordinal)))
        {
            string[] parts = leaf.Split('.');
            string[] tried = ["off", "17", "2", "3", "200", "17 %", "4 %", "1.5 %", "100 %", "3 s", "1.5"];
            tried.Any(value => PolicyLoader.Read($"rules:\n  {parts[1]}:\n    {parts[2]}: {value}\n").Policy is { } policy && policy.Rules != new RuleBook())
                .ShouldBeTrue(leaf);
        }
    }

    [Theory]
    [InlineData("clients: [{name: x}]", "clients[0].id (line 1): is missing")]
    [InlineData("clients: [{id: a}, {id: a}]", "clients[1].id (line 1): \"a\" is the name of another client too")]
    [InlineData("campaigns:\n  - id: c\n    client: ghost", "campaigns[0].client (line 3): \"ghost\" is no client of this policy")]
    [InlineData("clients: [{id: a}]\nnumbers:\n  - number: '0162000001'\n    client: a", "numbers[0].number (line 3): \"0162000001\" is no number in E.164 form such as +33162000001")]
    [InlineData("rules: {dailyCap: {alert: 200}}", "rules.dailyCap.block (line 1): 150 is below 200, which must come first")]
    [InlineData("rules: {answerRate: {alert: 5}}", "rules.answerRate.alert (line 1): \"5\" is no share from 0 % to 100 %")]
    [InlineData("rules: {hours: {mode: block}}", "rules.hours.mode (line 1): \"block\" is none of off, observe, alert, enforce")]
    [InlineData("clients: [{}]", "clients[0].id (line 1): is missing")]
    [InlineData("law:\n  attempts:\n    - {from: 2023-03-01, reference: a}\n    - {from: 2026-01-01, reference: b}", "law.attempts[1] (line 4): is in force on the same day as another; end the older one with to:")]
    [InlineData("law: {hours: [{from: 2023-03-01, reference: a, calendar: moon}]}", "law.hours[0].calendar (line 1): \"moon\" is no calendar of this policy")]
    [InlineData("calendars: [{name: x, days: [13-01]}]", "calendars[0].days[0] (line 1): \"13-01\" is no day such as 05-08, 2027-05-08, easter+39 or easter-2")]
    public void Read_Fault_NamesKeyLineValueAndWhatIsAllowed(string yaml, string expected)
    {
        PolicyResult result = PolicyLoader.Read(yaml);

        result.Policy.ShouldBeNull();
        result.Faults.Single().ToString().ShouldBe(expected);
    }

    [Theory]
    [InlineData("rules: {hour: {}}")]
    [InlineData("rules: {hour: {mode: off}}")]
    public void Read_UnknownRule_IsNamedWithThoseKnown(string yaml) =>
        PolicyLoader.Read(yaml).Faults.Single().ToString().ShouldStartWith("rules.hour (line 1): is no known key; known here: callerId, ");

    [Fact]
    public void Read_SeveralFaults_AreAllTold()
    {
        PolicyResult result = PolicyLoader.Read("guardsObserveFor: 7\nrules:\n  hours: {mode: yes}\n  nothing: {a: b}\n");

        result.Faults.Count.ShouldBe(3);
    }

    [Fact]
    public void Read_ValuesAndWhatDoesNotFitTogether_AreToldAtOnce()
    {
        PolicyResult result = PolicyLoader.Read("""
            clients: [{id: a}, {id: a}]
            campaigns: [{id: c, client: nobody, mode: fast}]
            numbers:
              - {number: 12, client: a}
              - {number: +33162000001, client: a}
              - {client: a}
              - {number: +33162000001, client: b}
            rules: {redial: {perHour: 4, perDay: 3}}
            """);

        result.Faults.Select(fault => $"{fault.Key} {fault.Origin}").ShouldBe(
        [
            "campaigns[0].mode line 2", "numbers[0].number line 4", "numbers[2].number line 6",
            "clients[1].id line 1", "campaigns[0].client line 2", "numbers[3].client line 7", "numbers[3] line 7", "rules.redial.perDay line 8",
        ]);
    }

    [Theory]
    [InlineData("clients: [{id: A!}]\nnumbers: [{number: +33162000001, client: a}]", "clients[0].id")] // the client may be a once its name is right
    [InlineData("rules: {redial: {perHour: 9, perDay: 1}}", "rules.redial.perHour")]
    [InlineData("numbers: [{number: 12, client: a}, {number: 13, client: a}]\nclients: [{id: a}]", "numbers[0].number, numbers[1].number")]
    [InlineData("Clients: [{ID: a}]\nNumbers: [{Number: abc, client: a}, {number: +33162000001, Client: b}]", "numbers[0].number, numbers[1].client")]
    [InlineData("clients: {2000000000: {id: a}}", "clients")]
    [InlineData("clients: {99999999999: {id: a}}", "clients")]
    [InlineData("clients: {007: {id: a}}", "clients")]
    [InlineData("clients: {0: {id: a}, 2: {id: b}}", "clients")]
    [InlineData("campaigns: [{id: c, calendars: [x]}]\ncalendars: [{name: x, days: [32-13]}]", "calendars[0].days[0]")]
    public void Read_WhatMayOnlyFollowFromAnotherFault_IsNotTold(string yaml, string expected) =>
        string.Join(", ", PolicyLoader.Read(yaml).Faults.Select(fault => fault.Key)).ShouldBe(expected);

    [Fact]
    public void Read_AsManyNumbersAsMayBeAllInNationalForm_TellsEachOnce()
    {
        string yaml = "clients: [{id: a}]\nnumbers:\n"
            + string.Concat(Enumerable.Range(0, 10_000).Select(i => $"  - {{number: '0162{i:000000}', client: a}}\n"));

        PolicyLoader.Read(yaml).Faults.Select(fault => fault.Key).ShouldBe(Enumerable.Range(0, 10_000).Select(i => $"numbers[{i}].number"));
    }

    [Fact]
    public void Read_NumberOfTwoClients_IsAFaultOnlyOnTheSameDay()
    {
        const string Two = """
            clients: [{id: a}, {id: b}]
            numbers:
              - {number: +33162000001, client: a, to: 2026-06-30}
              - {number: +33162000001, client: b, from: FROM}
            """;

        PolicyLoader.Read(Two.Replace("FROM", "2026-07-01", StringComparison.Ordinal)).Faults.ShouldBeEmpty();
        PolicyLoader.Read(Two.Replace("FROM", "2026-06-30", StringComparison.Ordinal)).Faults.Single().ToString()
            .ShouldBe("numbers[1] (line 4): +33162000001 is assigned twice on the same day");
    }

    [Fact]
    public void Hash_SameSettingsOtherwiseWritten_IsTheSame()
    {
        Good("rules: {redial: {perDay: 3}}").Hash.ShouldBe(Good("# comment\nrules:\n  redial:\n    perDay: 3\n").Hash);
        Good("rules: {redial: {perDay: 4}}").Hash.ShouldNotBe(Good("rules: {redial: {perDay: 3}}").Hash);
    }

    [Fact]
    public void Load_NoFile_SaysSo() =>
        PolicyLoader.Load("/nowhere/policy.yaml").Faults.Single().Message.ShouldBe("the file does not exist");

    [Fact]
    public void Read_ChangeOfLaw_IsAChangeOfFile()
    {
        GuardPolicy policy = Good("""
            law:
              hours:
                - {from: 2023-03-01, to: 2027-06-30, reference: D223-9, calendar: l3133-1}
                - {from: 2027-07-01, reference: a later decree, days: [monday], windows: ["09:00-12:00"], calendar: l3133-1}
            """);
        CallingHours hours = new(policy.Hours, policy.Calendars);
        E164Number paris = new(33145000001);

        hours.ClosedAt(paris, DateTimeOffset.Parse("2027-06-30T11:00:00+02:00")).ShouldBe((null, null));
        hours.ClosedAt(paris, DateTimeOffset.Parse("2027-07-01T11:00:00+02:00")).ShouldBe(("weekend", "a later decree"));
        hours.ClosedAt(paris, DateTimeOffset.Parse("2027-07-05T09:00:00+02:00")).ShouldBe((null, null));
    }

    // Two spaces or four, "# key: value", inside a group of rules or alerts.
    [GeneratedRegex(@"^(  (?:  )?)# ([a-zA-Z]+: .*)$", RegexOptions.Multiline)]
    private static partial Regex Documented();

    private static GuardPolicy Good(string yaml)
    {
        PolicyResult result = PolicyLoader.Read(yaml);
        result.Faults.ShouldBeEmpty();
        return result.Policy.ShouldNotBeNull();
    }
}
