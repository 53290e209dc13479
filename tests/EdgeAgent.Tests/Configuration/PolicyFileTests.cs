using EdgeAgent.Configuration;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Configuration;

public sealed class PolicyFileTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory();

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void Load_PolicyBesideTheConfiguration_IsInForce()
    {
        Write("policy.yaml", "rules: {dailyCap: {block: 120}}");

        LoadResult result = Load("{}");

        result.Faults.ShouldBeEmpty();
        result.Options!.Policy.Policy!.Rules.DailyCap.Block.ShouldBe(120);
        result.Options.Policy.Policy.Hash.ShouldMatch("^[0-9a-f]{64}$");
    }

    [Fact]
    public void Load_NoPolicy_DefaultsHoldUnderTheHashOfAnEmptyOne()
    {
        LoadResult without = Load("{}");
        Write("policy.yaml", "{}");

        Load("{}").Options!.Policy.Policy!.Hash.ShouldBe(without.Options!.Policy.Policy!.Hash);
    }

    [Fact]
    public void Load_NamedPolicy_IsTakenInPlaceOfTheOneBeside()
    {
        Write("policy.yaml", "rules: {dailyCap: {block: 120}}");
        string named = Write("other.yaml", "rules: {dailyCap: {block: 130}}");

        Load($"guards: {{policyFile: {named}}}").Options!.Policy.Policy!.Rules.DailyCap.Block.ShouldBe(130);
    }

    [Fact]
    public void Load_FaultyPolicy_NamesFileLineKeyAndValueAndIsRefused()
    {
        string policy = Write("policy.yaml", "rules:\n  dailyCap:\n    block: many\n    blok: 3\n");

        LoadResult result = Load("{}");

        result.Options.ShouldBeNull();
        result.Faults.Select(fault => fault.Key).ShouldBe(["rules.dailyCap.block", "rules.dailyCap.blok"], ignoreOrder: true);
        result.Faults.Single(fault => fault.Key == "rules.dailyCap.block").ToString().ShouldSatisfyAllConditions(
            text => text.ShouldContain("many"), text => text.ShouldContain($"{policy}, line 3"));
    }

    [Fact]
    public void Load_NamedPolicyIsMissing_IsAFaultOfItsKey()
    {
        LoadResult result = Load("guards: {policyFile: /nowhere/policy.yaml}");

        result.Options.ShouldBeNull();
        result.Faults.ShouldHaveSingleItem().ToString().ShouldSatisfyAllConditions(
            text => text.ShouldStartWith("guards.policyFile"), text => text.ShouldContain("/nowhere/policy.yaml"));
    }

    [Fact]
    public void Load_PolicyAssignsATrunkNobodyHas_IsAWarning()
    {
        Write("policy.yaml", "clients: [{id: acme}]\ntrunks: [{trunk: carrier-b, client: acme}]");

        LoadResult result = Load("trunks: [{name: carrier-a, hosts: [10.20.0.0/24]}]");

        result.Options.ShouldNotBeNull();
        result.Faults.ShouldHaveSingleItem().Severity.ShouldBe(FaultSeverity.Warning);
        result.Faults[0].Message.ShouldContain("carrier-b");
    }

    private LoadResult Load(string yaml) =>
        ConfigurationLoader.Load(Write("agent.yaml", yaml), new Dictionary<string, string>(), ConfigurationUse.Replay);

    private string Write(string name, string text)
    {
        string path = Path.Combine(_directory.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
