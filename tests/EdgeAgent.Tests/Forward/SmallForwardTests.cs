using EdgeAgent.Forward;
using EdgeAgent.Store;
using FsCheck.Xunit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Forward;

public sealed class SendPlanTests
{
    [Property]
    public void Next_AnyBacklogAndArrivals_SendsEachRecordOnceNewestFirst(byte acknowledged, byte backlog, byte[] arrivals)
    {
        long last = acknowledged + backlog;
        SendPlan plan = new(acknowledged, last);
        List<long> sent = [];
        Queue<byte> coming = new(arrivals);
        while (true)
        {
            SendRange range = plan.Next();
            if (range.IsEmpty && coming.Count == 0)
            {
                break;
            }

            if (!range.IsEmpty)
            {
                sent.Add(range.First);
                plan.Advance(range, range.First);
                (range.IsLive || sent.Contains(last)).ShouldBeTrue("backlog only when nothing newer waits");
            }

            last += coming.TryDequeue(out byte more) ? more % 3 : 0;
            plan.Extend(last);
        }

        sent.Order().ShouldBe(Enumerable.Range(acknowledged + 1, (int)(last - acknowledged)).Select(seq => (long)seq));
        if (backlog > 0)
        {
            sent[0].ShouldBe(acknowledged + backlog);
        }
    }
}

public sealed class ReconnectPauseTests
{
    [Property]
    public void Next_AnySeed_StaysWithinBoundsAndGrowsAtMostThreefold(int seed)
    {
        ReconnectPause pause = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60), new Random(seed));
        TimeSpan last = TimeSpan.FromSeconds(1);
        for (int i = 0; i < 50; i++)
        {
            TimeSpan next = pause.Next();
            next.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
            next.ShouldBeLessThanOrEqualTo(last * 3);
            last = next;
        }

        pause.Reset();
        pause.Next().ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(3));
    }
}

public sealed class MqttOptionsTests
{
    [Theory]
    [InlineData("mqtt://broker.example")]
    [InlineData("mqtts://10.1.2.3:8884")]
    [InlineData("")]
    public void Validate_GoodUrl_Succeeds(string url) =>
        new MqttConsistencyValidator().Validate(null, new MqttOptions { Url = url }).Succeeded.ShouldBeTrue();

    [Theory]
    [InlineData("broker.example")]
    [InlineData("http://broker.example")]
    [InlineData("mqtt://")]
    public void Validate_BadUrl_NamesTheKey(string url) =>
        new MqttConsistencyValidator().Validate(null, new MqttOptions { Url = url }).FailureMessage.ShouldNotBeNull().ShouldContain("mqtt.url");

    [Fact]
    public void Validate_PasswordInUrl_IsRefusedWithoutRepeatingIt()
    {
        ValidateOptionsResult result =
            new MqttConsistencyValidator().Validate(null, new MqttOptions { Url = "mqtt://user:hunter2@broker.example" });

        result.FailureMessage.ShouldNotBeNull().ShouldContain("passwordFile");
        result.FailureMessage.ShouldNotContain("hunter2");
    }

    [Fact]
    public void Validate_CertificateWithoutKey_IsRefused() =>
        new MqttConsistencyValidator()
            .Validate(null, new MqttOptions { Tls = new MqttTlsOptions { ClientCertificateFile = "a.crt" } })
            .FailureMessage.ShouldNotBeNull().ShouldContain("mqtt.tls");

    [Fact]
    public void Validate_RangesPassed_NamesEachKey()
    {
        MqttOptions options = new() { TopicPrefix = "a/#", KeepAlive = TimeSpan.Zero, AckTimeout = TimeSpan.FromHours(1), InFlight = 0 };

        string message = new MqttOptionsValidator().Validate(null, options).FailureMessage.ShouldNotBeNull().ShouldNotBeNull();

        foreach (string name in (string[])["TopicPrefix", "KeepAlive", "AckTimeout", "InFlight"])
        {
            message.ShouldContain(name);
        }
    }
}

public sealed class RegistrationTests
{
    [Fact]
    public async Task AddForwarding_WithStore_BindsBothSections()
    {
        using Store.TemporaryStore temporary = new();
        await using ServiceProvider provider = Services(temporary, ("mqtt:url", "mqtt://broker.example:1884"), ("mqtt:keepAlive", "00:00:30"));

        provider.GetRequiredService<JournalStore>().Identity.Agent.ShouldBe("agent-7");
        provider.GetRequiredService<Forwarder>().Status.Broker.ShouldBe("mqtt://broker.example:1884");
        provider.GetRequiredService<IOptions<MqttOptions>>().Value.KeepAlive.ShouldBe(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task AddForwarding_UnknownKey_IsAFault()
    {
        using Store.TemporaryStore temporary = new();
        await using ServiceProvider provider = Services(temporary, ("mqtt:urll", "mqtt://broker.example"));

        Should.Throw<InvalidOperationException>(() => provider.GetRequiredService<IOptions<MqttOptions>>().Value).Message.ShouldContain("urll");
    }

    private static ServiceProvider Services(Store.TemporaryStore temporary, params (string Key, string Value)[] settings)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("agentId", "agent-7"),
            new("store:directory", temporary.Options.Directory),
            .. settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)),
        ]).Build();
        ServiceCollection services = new();
        services.AddSingleton(configuration).AddLogging();
        services.AddStore(configuration).AddForwarding(configuration);
        return services.BuildServiceProvider();
    }
}
