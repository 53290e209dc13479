using EdgeAgent.Cli;
using EdgeAgent.Configuration;
using EdgeAgent.Telemetry;
using EdgeAgent.Tests.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Cli;

public sealed class AgentHostTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task Run_ServiceThatFails_Exits70()
    {
        await using WebApplication host = Build(services => services.AddHostedService<FailingService>());

        (await AgentHost.RunAsync(host, TestContext.Current.CancellationToken)).ShouldBe(ExitCode.Fault);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_StopAskedForDuringOrAfterTheStart_Exits0(bool isEarly)
    {
        await using WebApplication host = Build(services => AddEnding(services, isEarly));

        (await AgentHost.RunAsync(host, TestContext.Current.CancellationToken)).ShouldBe(ExitCode.Ok);
    }

    [Fact]
    public async Task Run_ServiceThatDoesNotStop_Exits70WithinFiveSeconds()
    {
        await using WebApplication host = Build(services => services.AddHostedService<StubbornService>());

        Task<int> run = AgentHost.RunAsync(host, TestContext.Current.CancellationToken);

        (await run.WaitAsync(TimeSpan.FromSeconds(8), TestContext.Current.CancellationToken)).ShouldBe(ExitCode.Fault);
    }

    [Fact]
    public async Task Run_OnlyTheSocket_IsListenedOn()
    {
        await using WebApplication host = Build(_ => { });
        await host.StartAsync(TestContext.Current.CancellationToken);

        host.Urls.ShouldHaveSingleItem().ShouldBe($"http://unix:{_directory.File("agent.sock")}");
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose() => _directory.Dispose();

    private static void AddEnding(IServiceCollection services, bool isEarly) => services.AddSingleton<IHostedService>(
        provider => new EndingService(provider.GetRequiredService<IHostApplicationLifetime>(), isEarly));

    private WebApplication Build(Action<IServiceCollection> add)
    {
        AgentOptions options = new() { AgentId = "test", ControlSocket = _directory.File("agent.sock") };
        ConfigurationState state = new("agent.yaml", new LoadResult(options, []), DateTimeOffset.UnixEpoch);
        return AgentHost.Build(state, (services, _) => add(services));
    }

    private sealed class FailingService : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await Task.Yield();
            throw new InvalidOperationException("on purpose");
        }
    }

    /// <summary>Stops the host, at once or when it is up.</summary>
    private sealed class EndingService(IHostApplicationLifetime lifetime, bool isEarly) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            if (isEarly)
            {
                lifetime.StopApplication();
            }
            else
            {
                lifetime.ApplicationStarted.Register(lifetime.StopApplication);
            }

            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>Asks for the stop only once it runs: a service stopped before its first step would end as cancelled.</summary>
    private sealed class StubbornService(IHostApplicationLifetime lifetime) : BackgroundService
    {
        private readonly TaskCompletionSource _never = new();

        protected override Task ExecuteAsync(CancellationToken stoppingToken)
        {
            lifetime.ApplicationStarted.Register(lifetime.StopApplication);
            return _never.Task;
        }
    }
}
