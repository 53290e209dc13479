using EdgeAgent.Capture;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Capture;

public sealed class SourcesOptionsTests
{
    [Fact]
    public void Bind_AllKeys_AreRead()
    {
        SourcesOptions options = Bind(
            ("sources:live:0:interface", "eth0"),
            ("sources:live:0:snapLengthBytes", "2048"),
            ("sources:live:0:ringBytes", "1048576"),
            ("sources:live:0:promiscuous", "true"),
            ("sources:live:1:interface", "eth1"),
            ("sources:ports:0", "5062"),
            ("sources:queuePackets", "128"),
            ("sources:queueBytes", "2097152"));

        options.Live.Select(live => live.Interface).ShouldBe(["eth0", "eth1"]);
        options.Live[0].SnapLengthBytes.ShouldBe(2_048);
        options.Live[0].RingBytes.ShouldBe(1_048_576);
        options.Live[0].Promiscuous.ShouldBeTrue();
        options.Live[1].Promiscuous.ShouldBeFalse();
        options.Live[1].SnapLengthBytes.ShouldBeGreaterThan(65_536 + 20);
        options.FilterPorts.ShouldBe([5_062]);
        options.QueuePackets.ShouldBe(128);
        options.QueueBytes.ShouldBe(2_097_152);
    }

    [Fact]
    public void Bind_Nothing_FiltersForTheSipPort() => Bind().FilterPorts.ShouldBe([5_060]);

    [Theory]
    [InlineData("Interface", "sources:live:0:snapLengthBytes", "2048")]
    [InlineData("SnapLengthBytes", "sources:live:0:snapLengthBytes", "10")]
    [InlineData("RingBytes", "sources:live:0:ringBytes", "10")]
    [InlineData("70000 is no port", "sources:ports:0", "70000")]
    [InlineData("QueuePackets", "sources:queuePackets", "1")]
    [InlineData("QueueBytes", "sources:queueBytes", "1")]
    [InlineData("named twice", "sources:live:0:interface", "eth0", "sources:live:1:interface", "eth0")]
    [InlineData("'any' holds", "sources:live:0:interface", "any", "sources:live:1:interface", "eth0")]
    public void Bind_BadValue_IsAFaultThatNamesTheKey(string expected, params string[] settings)
    {
        OptionsValidationException exception = Should.Throw<OptionsValidationException>(
            () => Bind([.. settings.Chunk(2).Select(pair => (pair[0], pair[1]))]));

        exception.Message.ShouldContain(expected);
    }

    [Fact]
    public void Bind_UnknownKey_IsAFault() =>
        Should.Throw<InvalidOperationException>(() => Bind(("sources:prots:0", "5060")));

    private static SourcesOptions Bind(params (string Key, string Value)[] settings)
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(pair => pair.Key, pair => (string?)pair.Value))
            .Build();
        using ServiceProvider services = new ServiceCollection()
            .AddSingleton(configuration)
            .AddLiveSources()
            .BuildServiceProvider();
        return services.GetRequiredService<IOptions<SourcesOptions>>().Value;
    }
}
