using EdgeAgent.Configuration;
using EdgeAgent.Store;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Store;

/// <summary>A store directory that goes when the test ends.</summary>
internal sealed class TemporaryStore : IDisposable
{
    public const string AgentId = "agent-1";

    public TemporaryStore()
    {
        Options = new StoreOptions { Directory = Directory.CreateTempSubdirectory("edge-agent-test-").FullName };
    }

    public StoreOptions Options { get; }

    public ManualTime Time { get; } = new(Samples.Morning);

    public string PathOf(string name) => Path.Combine(Options.Directory, name);

    public JournalStore Open() => JournalStore.Open(Options, AgentId, Time, NullLogger<JournalStore>.Instance);

    /// <summary>Opens, submits one batch after the other and closes.</summary>
    public async Task FillAsync(params JournalBatch[] batches)
    {
        await using JournalStore store = Open();
        foreach (JournalBatch batch in batches)
        {
            store.Submit(batch);
        }

        await store.FlushAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose() => Directory.Delete(Options.Directory, recursive: true);
}

/// <summary>A clock whose wall time moves only when told; measured time runs.</summary>
internal sealed class ManualTime(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}

/// <summary>Waits for what other threads bring about.</summary>
internal static class Eventually
{
    public static async Task TrueAsync(Func<bool> condition, string what, int seconds = 20)
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        for (int i = 0; i < seconds * 50; i++)
        {
            if (condition())
            {
                return;
            }

            await Task.Delay(20, cancellationToken);
        }

        condition().ShouldBeTrue($"{what} within {seconds} s");
    }
}
