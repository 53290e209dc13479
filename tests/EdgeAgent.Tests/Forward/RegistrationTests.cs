using EdgeAgent.Forward;
using EdgeAgent.Store;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Forward;

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
