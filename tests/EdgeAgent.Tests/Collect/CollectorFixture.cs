using System.Text.Json;
using EdgeAgent.Collect;
using EdgeAgent.Configuration;
using EdgeAgent.Tests.Forward;
using EdgeAgent.Tests.Store;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Collect;

/// <summary>A collector in quick time, with a key that agents may pin.</summary>
internal sealed class CollectorFixture : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("edge-agent-collect-").FullName;
    private CancellationTokenSource _stop = new();
    private Collector? _collector;
    private Task _running = Task.CompletedTask;

    public CollectorFixture(string url)
    {
        using Core.Evidence.EvidenceKey key = OrderKey.Create(System.IO.Path.Combine(_directory, "centre.key"));
        PublicKey = key.Text;
        Options = new CollectOptions
        {
            Broker = new MqttOptions { Url = url },
            Into = System.IO.Path.Combine(_directory, "books.db"),
            KeyFile = System.IO.Path.Combine(_directory, "centre.key"),
            ReplayAfter = TimeSpan.FromMilliseconds(200),
            Tick = TimeSpan.FromMilliseconds(100),
            SilentAfter = TimeSpan.FromHours(1),
        };
    }

    public CollectOptions Options { get; set; }

    public string PublicKey { get; }

    public async Task StartAsync()
    {
        _stop = new CancellationTokenSource();
        _collector = new Collector(Options, TimeProvider.System, TestContext.Current.TestOutputHelper!.WriteLine);
        _running = _collector.RunAsync(_stop.Token);
        await Eventually.TrueAsync(() => _collector.IsConnected, "the collector is connected", 30);
    }

    public async Task StopAsync()
    {
        if (_collector is not null)
        {
            await _stop.CancelAsync();
            await _running;
            await _collector.DisposeAsync();
            _collector = null;
        }

        _stop.Dispose();
    }

    public async Task<JsonElement> ReportAsync() =>
        Samples.Json(await _collector!.ReportAsync(default, TestContext.Current.CancellationToken));

    /// <summary>Waits until everything the agent has journalled is in the books, without a hole, and compares the sums.</summary>
    public async Task AssertExactAsync(ForwarderFixture agent)
    {
        JsonElement site = default;
        for (int i = 0; i < 400 && !IsComplete(site, agent); i++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
            JsonElement sites = (await ReportAsync()).GetProperty("sites");
            site = sites.GetArrayLength() > 0 ? sites[0] : default;
        }

        IsComplete(site, agent).ShouldBeTrue($"everything within 40 s: {site}");
        site.GetProperty("total").GetProperty("attempts").GetInt64().ShouldBe(agent.Minutes * 5);
        site.GetProperty("total").GetProperty("answered").GetInt64().ShouldBe(agent.Minutes * 2);
        site.GetProperty("total").GetProperty("talkSeconds").GetDecimal().ShouldBe(agent.Minutes * 2 * 61.2345m);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private static bool IsComplete(JsonElement site, ForwarderFixture agent) =>
        site.ValueKind == JsonValueKind.Object
        && site.GetProperty("missing").GetInt64() == 0
        && site.GetProperty("lastSeq").GetInt64() >= agent.Store.Status.LastSeq;
}
