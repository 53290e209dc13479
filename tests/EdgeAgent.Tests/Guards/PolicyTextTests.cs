using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeAgent.Guards;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Guards;

public sealed class PolicyTextTests
{
    private const string Full =
        """
        guardsObserveFor: 36 h
        clients:
          - id: acme
            name: 'ACME "SA": no. 1 \ # 2'
          - id: beta
        campaigns:
          - id: acme-energy
            client: acme
            audience: business
            mode: predictive
            prospection: false
            calendars: [alsace-moselle, works-council]
        numbers:
          - number: +33162000001
            client: acme
            to: 2026-05-31
            class: verifiedPlatform
            trunks: [carrier-a, "carrier b"]
          - number: +33162000001
            client: beta
            from: 2026-07-15
            mode: manual
            campaign: acme-energy
        trunks:
          - trunk: carrier-a
            client: acme
            campaign: acme-energy
        calendars:
          - name: works-council
            days: [12-24, 2026-05-15, easter-2, easter+1, easter]
            territories: [reunion, mayotte]
        law:
          hours:
            - from: 2023-03-01
              to: 2027-12-31
              reference: "null"
              windows: ["08:30-13:00", "14:00-24:00"]
              days: [monday, saturday]
            - from: 2028-01-01
              reference: next
              calendar: works-council
        rules:
          dailyCap:
            mode: alert
            block: 120
          answerRate:
            alert: 5.5 %
            minZ: 2.25
          hours:
            closeMargin: 90 s
        alerts:
          rearm: 0 s
        """;

    [Theory]
    [InlineData("{}")]
    [InlineData(Full)]
    public void WriteYaml_OfAnyPolicy_ReadsAsTheSamePolicy(string yaml)
    {
        PolicyResult result = PolicyLoader.Read(yaml);
        result.Faults.ShouldBeEmpty();

        PolicyResult again = PolicyLoader.Read(Yaml(result));

        again.Faults.ShouldBeEmpty();
        PolicyChange.Between(PolicyTree.Of(result), PolicyTree.Of(again)).ShouldBeEmpty();
        again.Policy!.Rules.ShouldBe(result.Policy!.Rules);
        again.Policy.Alerts.ShouldBe(result.Policy.Alerts);
        again.Policy.ObserveFor.ShouldBe(result.Policy.ObserveFor);
        again.Policy.Clients.ShouldBe(result.Policy.Clients);
        again.Policy.Trunks.ShouldBe(result.Policy.Trunks);
        again.Policy.Hours.Select(law => law.Windows).ShouldBe(result.Policy.Hours.Select(law => law.Windows));
        again.Policy.Calendars.Select(calendar => calendar.Days).ShouldBe(result.Policy.Calendars.Select(calendar => calendar.Days));
        again.Policy.Numbers.Select(number => number with { Trunks = [] }).ShouldBe(result.Policy.Numbers.Select(number => number with { Trunks = [] }));
        again.Policy.Campaigns.Select(campaign => campaign with { Calendars = [] }).ShouldBe(result.Policy.Campaigns.Select(campaign => campaign with { Calendars = [] }));
    }

    [Fact]
    public void WriteYaml_OfTheDefaults_SaysEveryKeyOfRulesAndMarksEveryLine()
    {
        PolicyResult result = PolicyLoader.Read("{}");

        string yaml = Yaml(result);

        PolicyLoader.Read(yaml).Values.Keys.Count(key => key.StartsWith("rules:", StringComparison.Ordinal))
            .ShouldBe(PolicyKeys.Root.Leaves("").Count(leaf => leaf.StartsWith("rules.", StringComparison.Ordinal)));
        yaml.Split('\n').Where(line => Regex.IsMatch(line, @":\s\S")).ShouldAllBe(line => line.EndsWith("# default"));
    }

    [Fact]
    public void WriteYaml_WhatTheFileSays_IsNotMarked()
    {
        string[] lines = Yaml(PolicyLoader.Read(Full)).Split('\n');

        lines.ShouldContain("    block: 120");
        lines.ShouldContain("    alert: 100  # default");
        lines.ShouldContain("    closeMargin: 90 s");
        lines.ShouldContain("    alert: 5.5 %");
        lines.ShouldContain("  rearm: 0 s");
        lines.ShouldContain("guardsObserveFor: 36 h");
    }

    [Fact]
    public void WriteJson_OfAPolicy_HoldsNumbersAsNumbers()
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes))
        {
            PolicyText.WriteJson(PolicyTree.Of(PolicyLoader.Read(Full)), writer);
        }

        using JsonDocument json = JsonDocument.Parse(bytes.ToArray());
        JsonElement rules = json.RootElement.GetProperty("rules");
        rules.GetProperty("dailyCap").GetProperty("block").GetInt32().ShouldBe(120);
        rules.GetProperty("answerRate").GetProperty("minZ").GetDouble().ShouldBe(2.25);
        rules.GetProperty("answerRate").GetProperty("alert").GetString().ShouldBe("5.5 %");
        json.RootElement.GetProperty("campaigns")[0].GetProperty("prospection").GetBoolean().ShouldBeFalse();
        json.RootElement.GetProperty("campaigns")[0].GetProperty("calendars").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public void DefaultsOf_PartlyWrittenPolicy_NamesTheHighestPaths()
    {
        string[] defaults = [.. PolicyText.DefaultsOf(PolicyTree.Of(PolicyLoader.Read("rules: { dailyCap: { block: 120 } }")))];

        defaults.ShouldContain("law");
        defaults.ShouldContain("rules.dailyCap.alert");
        defaults.ShouldContain("rules.hourlyCap");
        defaults.ShouldNotContain("rules.dailyCap.block");
        defaults.ShouldNotContain("rules");
    }

    [Theory]
    [InlineData("rules: { dailyCap: { block: 120 } }", "rules.dailyCap.block: 150 (default) → 120")]
    [InlineData("rules: { hours: { mode: alert } }", "rules.hours.mode: enforce (default) → alert")]
    [InlineData("guardsObserveFor: 0 s", "guardsObserveFor: 7 d (default) → 0 s")]
    [InlineData("clients: [ { id: acme } ]", "clients[acme]: nothing → id acme")]
    [InlineData(
        "law: { attempts: [ { from: 2023-03-01, reference: x, limit: 3 } ] }",
        "law.attempts[2023-03-01].reference: Code de la consommation D223-9 (décret 2022-1313) (default) → x",
        "law.attempts[2023-03-01].limit: 4 (default) → 3")]
    [InlineData("calendars: [ { name: mayotte, days: [04-28] } ]",
        "calendars[mayotte].reference: Code du travail L3422-2 (default) → nothing",
        "calendars[mayotte].days: [04-27] (default) → [04-28]",
        "calendars[mayotte].territories: [mayotte] (default) → nothing")]
    [InlineData("rules: { dailyCap: { block: 150 }, hours: { mode: Enforce } }")]
    public void Between_DefaultsAndAFile_SaysWhatHoldsOtherwise(string yaml, params string[] expected) =>
        Differences("{}", yaml).ShouldBe(expected);

    [Fact]
    public void Between_NumberMovedInTheList_SaysNothingAndChangedOneByItsName()
    {
        const string Old = "clients: [ { id: a }, { id: b } ]\nnumbers: [ { number: +33162000001, client: a }, { number: +33162000002, client: a } ]";
        const string New = "clients: [ { id: b }, { id: a } ]\nnumbers: [ { number: +33162000002, client: b }, { number: +33162000001, client: a } ]";

        Differences(Old, New).ShouldBe(["numbers[+33162000002].client: a → b"]);
    }

    private static IEnumerable<string> Differences(string old, string @new) =>
        PolicyChange.Between(PolicyTree.Of(PolicyLoader.Read(old)), PolicyTree.Of(PolicyLoader.Read(@new))).Select(difference => difference.ToString());

    private static string Yaml(PolicyResult result)
    {
        StringWriter text = new();
        PolicyText.WriteYaml(PolicyTree.Of(result), text);
        return text.ToString();
    }
}
