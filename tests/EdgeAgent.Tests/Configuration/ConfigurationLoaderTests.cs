using EdgeAgent.Configuration;
using FsCheck.Xunit;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Configuration;

public sealed class ConfigurationLoaderTests
{
    private const string Live = "sources: {live: [{interface: any}]}\n";
    private static readonly Dictionary<string, string> NoVariables = [];

    [Fact]
    public void Load_SourcesOnly_GivesEveryDefault()
    {
        AgentOptions options = Good(Live);

        options.AgentId.ShouldMatch("^[a-z0-9-]{1,40}$");
        options.Sources.Ports.ShouldBe([5060]);
        options.Identity.Order.ShouldBe(IdentityOptions.DefaultOrder);
        options.Policy.Policy!.Rules.DailyCap.Block.ShouldBe(150);
        options.Limits.MaxCalls.ShouldBe(200_000);
        options.Limits.SealLag.ShouldBe(TimeSpan.FromSeconds(5));
        options.Mqtt.KeepAlive.ShouldBe(TimeSpan.FromSeconds(15));
    }

    [Fact]
    public void Load_ListsGiven_ReplaceTheDefaultsInsteadOfAddingToThem()
    {
        AgentOptions options = Good("""
            sources: {live: [{interface: eth0, ringBytes: 2 MiB, promiscuous: true}], ports: [5070, 5080]}
            identity: {order: [from]}
            """);

        options.Sources.Ports.ShouldBe([5070, 5080]);
        options.Sources.Live.Single().RingBytes.ShouldBe(2 * 1024 * 1024);
        options.Sources.Live.Single().Promiscuous.ShouldBeTrue();
        options.Identity.Order.ShouldBe([IdentityHeader.From]);
    }

    [Fact]
    public void Load_Trunks_AreReadInOrder()
    {
        AgentOptions options = Good(Live + """
            trunks:
              - {name: a, hosts: [10.20.0.0/24, "2001:db8::/32"], port: 5080, identity: [from, pAssertedIdentity]}
              - {name: b, hosts: [sip.carrier.example]}
            """);

        options.Trunks.Select(t => t.Name).ShouldBe(["a", "b"]);
        options.Trunks[0].Hosts.ShouldBe(["10.20.0.0/24", "2001:db8::/32"]);
        options.Trunks[0].Port.ShouldBe(5080);
        options.Trunks[0].Identity.ShouldBe([IdentityHeader.From, IdentityHeader.PAssertedIdentity]);
        options.Trunks[1].Port.ShouldBeNull();
    }

    [Fact]
    public void Load_ManyFaults_NamesAllAtOnceWithKeyLineAndValue()
    {
        IReadOnlyList<ConfigurationFault> faults = Faults("""
            agentId: "PBX 1"
            trunks:
              - {name: a, hosts: [10.20.0.0/24]}
              - {name: a, hosts: ["10.20.0.0/33"], port: 70000}
            sources: {live: [{interface: any, promiscous: true}]}
            mqtt: {keepAlive: 15, inFlight: many}
            limits: 5
            """);

        string[] shown = [.. faults.Select(f => f.ToString())];
        shown.ShouldContain("trunks[1].hosts[0] (line 4): \"10.20.0.0/33\" is no address, CIDR or host name");
        shown.ShouldContain("trunks[1].port (line 4): \"70000\" is no whole number from 1 to 65535");
        shown.ShouldContain("trunks[1].name (line 4): \"a\" is the name of another trunk too");
        shown.ShouldContain("mqtt.keepAlive (line 6): \"15\" is no duration from 1 s to 18 h (units ms, s, min, h, d)");
        shown.ShouldContain("mqtt.inFlight (line 6): \"many\" is no whole number from 1 to 100");
        faults.Select(f => f.Key).ShouldBe(
            [
                "agentId", "trunks[1].hosts[0]", "trunks[1].port", "trunks[1].name", "sources.live[0].promiscous",
                "mqtt.keepAlive", "mqtt.inFlight", "limits",
            ],
            ignoreOrder: true);
    }

    [Theory]
    [InlineData("agentId: [1", "line 2, column 1")]
    [InlineData("agentId: a\nnumbers: \"x", "line 2")]
    [InlineData("agentId: a: b", "line 1, column 11")]
    [InlineData("agentId: a\nagentId: b", "line 2")]
    [InlineData("agentId: a\nAGENTID: b", "line 2")]
    [InlineData("- a", "line 1")]
    [InlineData("phones: &p [*p]", "line 1, column 13")]
    [InlineData("--- {}\n--- {}", "line 2")]
    [InlineData("a: [[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]", "line 1")]
    public void Load_NoUsableYaml_NamesThePlace(string yaml, string place) =>
        Faults(yaml).ShouldHaveSingleItem().Origin.ShouldNotBeNull().ShouldStartWith(place);

    [Fact]
    public void Load_UnknownKey_IsAFaultThatDoesNotRepeatItsValue()
    {
        ConfigurationFault fault = Faults(Live + "mqtt: {password: hunter2}").ShouldHaveSingleItem();

        fault.Key.ShouldBe("mqtt.password");
        fault.Message.ShouldContain("passwordFile");
        fault.ToString().ShouldNotContain("hunter2");
    }

    [Theory]
    [InlineData("trunk: []", "trunk")]
    [InlineData("trunk: {}", "trunk")]
    [InlineData("trunk:", "trunk")]
    [InlineData("mqtt: {user: []}", "mqtt.user")]
    [InlineData("trunks: [{name: a, hosts: [10.0.0.1], ports: []}]", "trunks[0].ports")]
    public void Load_UnknownKeyWithNothingInIt_IsAFault(string yaml, string key) =>
        Faults(Live + yaml).ShouldHaveSingleItem().Key.ShouldBe(key);

    [Fact]
    public void Load_CredentialsInTheBrokerAddress_AreRefusedAndNotRepeated()
    {
        ConfigurationFault fault = Faults(Live + "mqtt: {url: \"mqtts://agent:hunter2@broker:8883\"}").ShouldHaveSingleItem();

        fault.Key.ShouldBe("mqtt.url");
        fault.ToString().ShouldNotContain("hunter2");
        fault.ToString().ShouldNotContain("agent:");
    }

    [Fact]
    public void Load_Variables_OverrideTheFile()
    {
        Dictionary<string, string> variables = new()
        {
            ["EDGEAGENT__MQTT__URL"] = "mqtt://other",
            ["EDGEAGENT__TRUNKS__0__NAME"] = "z",
            ["EDGEAGENT__LIMITS__MAXCALLS"] = "1000",
            ["EDGEAGENT_BINARY"] = "not ours",
        };

        AgentOptions options = ConfigurationLoader
            .Read(Live + "mqtt: {url: \"mqtt://one\"}\ntrunks: [{name: a, hosts: [10.0.0.1]}]", variables, ConfigurationUse.Run)
            .Options.ShouldNotBeNull();

        options.Mqtt.Url.ShouldBe("mqtt://other");
        options.Trunks.Single().Name.ShouldBe("z");
        options.Limits.MaxCalls.ShouldBe(1_000);
    }

    [Fact]
    public void Load_FaultyVariables_AreNamedAsTheFaultsOrigin()
    {
        Dictionary<string, string> variables = new() { ["EDGEAGENT__LIMITS__MAXCALLS"] = "x", ["EDGEAGENT__LIMTS"] = "1" };

        IReadOnlyList<ConfigurationFault> faults = ConfigurationLoader.Read(Live, variables, ConfigurationUse.Run).Faults;

        faults.Select(f => f.Origin).ShouldBe(["EDGEAGENT__LIMITS__MAXCALLS", "EDGEAGENT__LIMTS"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("trunks: [{name: a, hosts: [10.0.0.0/8]}, {name: b, hosts: [10.0.0.0/8]}]", "trunks[1].hosts[0]")]
    [InlineData("trunks: [{name: a, hosts: [10.0.0.1]}]\nphones: [10.0.0.1]", "phones[0]")]
    [InlineData("trunks: [{hosts: [10.0.0.1]}]", "trunks[0].name")]
    [InlineData("trunks: [{name: a}]", "trunks[0].hosts")]
    [InlineData("identity: {order: [from, from]}", "identity.order")]
    [InlineData("mqtt: {url: \"mqtt://b\", tls: {caFile: /etc/hostname}}", "mqtt.tls")]
    [InlineData("mqtt: {url: \"mqtts://b\", tls: {clientKeyFile: /etc/hostname}}", "mqtt.tls")]
    [InlineData("mqtt: {url: \"mqtts://b\", tls: {caFile: /no/such/file}}", "mqtt.tls.caFile")]
    [InlineData("mqtt: {url: \"ws://b/mqtt\", tls: {caFile: /etc/hostname}}", "mqtt.tls")]
    [InlineData("mqtt: {url: \"mqtts://b\", protocol: 3.1.1, requireSubscriber: true}", "mqtt.requireSubscriber")]
    [InlineData("mqtt: {standby: {url: \"mqtts://b\"}}", "mqtt.standby.url")]
    [InlineData("mqtt: {url: \"mqtts://b\", standby: {url: \"mqtts://B\"}}", "mqtt.standby.url")]
    [InlineData("mqtt: {url: \"mqtts://b\", standby: {after: 10 s}}", "mqtt.standby.url")]
    [InlineData("mqtt: {url: \"mqtts://b\", standby: {url: \"mqtts://c\", tls: {caFile: /no/such/file}}}", "mqtt.standby.tls.caFile")]
    [InlineData("guards: {policyFile: /nowhere/policy.yaml}", "guards.policyFile")]
    [InlineData("sources: {}", "sources")]
    public void Load_OptionsThatDoNotFitEachOther_AreFaults(string yaml, string key)
    {
        string text = yaml.StartsWith("sources", StringComparison.Ordinal) ? "agentId: a" : Live + yaml;

        ConfigurationFault fault = Faults(text).ShouldHaveSingleItem();

        fault.Key.ShouldStartWith(key);
        fault.Severity.ShouldBe(FaultSeverity.Error);
    }

    [Theory]
    [InlineData("trunks: [{name: a, hosts: [10.0.0.0/8]}, {name: b, hosts: [10.1.0.0/16]}]")]
    [InlineData("trunks: [{name: a, hosts: [10.20.0.5]}]\nphones: [10.0.0.0/8]")]
    [InlineData("mqtt: {url: \"mqtt://b\", username: u}")]
    [InlineData("mqtt: {url: \"mqtt://b\", passwordFile: /etc/hostname}")]
    [InlineData("mqtt: {url: \"mqtts://b\", standby: {url: \"ws://c\", username: u}}")]
    [InlineData("mqtt: {url: \"mqtts://b\", username: u, passwordFile: mqtt-password}")]
    public void Load_DoubtfulOptions_AreWarningsThatLetTheAgentStart(string yaml)
    {
        LoadResult result = ConfigurationLoader.Read(Live + yaml, NoVariables, ConfigurationUse.Run);

        result.Options.ShouldNotBeNull();
        result.Faults.ShouldHaveSingleItem().Severity.ShouldBe(FaultSeverity.Warning);
    }

    [Fact]
    public void Load_TrunksOnOneHostWithDifferentPorts_AreFine() =>
        Good(Live + "trunks: [{name: a, hosts: [10.0.0.1], port: 5060}, {name: b, hosts: [10.0.0.1], port: 5080}]").Trunks.Count.ShouldBe(2);

    [Fact]
    public void Load_ForReplay_NeedsNoSource() =>
        ConfigurationLoader.Read("agentId: a", NoVariables, ConfigurationUse.Replay).Options.ShouldNotBeNull().AgentId.ShouldBe("a");

    [Fact]
    public void Load_CredentialName_IsLookedForWhereSystemdPutsIt()
    {
        using TemporaryDirectory directory = new();
        File.WriteAllText(directory.File("mqtt-password"), "x");
        Dictionary<string, string> variables = new() { ["CREDENTIALS_DIRECTORY"] = directory.Path };

        LoadResult result = ConfigurationLoader.Read(
            Live + "mqtt: {url: \"mqtts://b\", username: u, passwordFile: mqtt-password}", variables, ConfigurationUse.Run);

        result.Faults.ShouldBeEmpty();
        result.Options.ShouldNotBeNull().Mqtt.PasswordFile.ShouldBe(directory.File("mqtt-password"));
    }

    [Fact]
    public void Load_MissingFileAndDirectory_AreFaults()
    {
        using TemporaryDirectory directory = new();

        ConfigurationLoader.Load(directory.File("none.yaml")).Faults.Single().Message.ShouldEndWith("does not exist");
        ConfigurationLoader.Load(directory.Path).Faults.Single().Message.ShouldContain("directory");
    }

    [Fact]
    public void Load_Hash_FollowsTheSettingsAndNotTheSpelling()
    {
        string hash = Hash(Live + "limits: {sealLag: 60 s}");

        Hash("# comment\nlimits:\n  sealLag: 1 min\n" + Live).ShouldBe(hash);
        Hash(Live + "limits: {sealLag: 59 s}").ShouldNotBe(hash);
    }

    [Property]
    public bool Read_AnyText_GivesOptionsOrFaultsAndNeverThrows(string? text)
    {
        LoadResult result = ConfigurationLoader.Read(text ?? "", NoVariables, ConfigurationUse.Replay);
        return result.Options is not null || result.Faults.Count > 0;
    }

    private static string Hash(string yaml) => ConfigurationLoader.Read(yaml, NoVariables, ConfigurationUse.Run).Hash;

    private static AgentOptions Good(string yaml)
    {
        LoadResult result = ConfigurationLoader.Read(yaml, NoVariables, ConfigurationUse.Run);
        result.Faults.ShouldBeEmpty();
        return result.Options.ShouldNotBeNull();
    }

    private static IReadOnlyList<ConfigurationFault> Faults(string yaml)
    {
        LoadResult result = ConfigurationLoader.Read(yaml, NoVariables, ConfigurationUse.Run);
        result.Options.ShouldBeNull();
        return result.Faults;
    }
}
