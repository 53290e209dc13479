using System.Diagnostics;
using System.Globalization;
using System.Text;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Store;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Store;

/// <summary>A writing process is killed or its disk refuses: what it was told to be on disk is there, once, without a gap.</summary>
public sealed class CrashTests : IDisposable
{
    private readonly TemporaryStore _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task Kill_WhileWriting_LosesNothingThatWasFlushed()
    {
        long lastEpochSeq = 0;
        for (int round = 0; round < 5; round++)
        {
            long flushed = await RunAndKillAsync(marks: 20 + 7 * round);
            long stored = await AssertConsistentAsync();

            stored.ShouldBeGreaterThanOrEqualTo(flushed);
            stored.ShouldBeGreaterThan(lastEpochSeq);
            lastEpochSeq = stored;
        }
    }

    [Theory]
    [InlineData(400 * 1024)] // the database cannot grow
    [InlineData(4 * 1024)]   // not a page can be written, neither of the database nor of its log
    public async Task Write_FileSizeLimitOfTheSystemReached_WaitsAndLosesNothing(int limitBytes)
    {
        using Process child = StoreChild.Start(_temporary.Options.Directory, "trap '' XFSZ;"); // a write past the limit then fails
        string? line = await child.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        await RunAsync("prlimit", $"--fsize={limitBytes}:unlimited --pid {child.Id}");
        do
        {
            line = await child.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        }
        while (line is not null && !line.StartsWith("fault", StringComparison.Ordinal));
        line.ShouldNotBeNull("the disk should have refused");

        await RunAsync("prlimit", $"--fsize=unlimited --pid {child.Id}");
        string? recovered = await child.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        child.Kill();
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);

        long.Parse(recovered!, CultureInfo.InvariantCulture).ShouldBeLessThanOrEqualTo(await AssertConsistentAsync());
    }

    private static async Task RunAsync(string program, string arguments)
    {
        using Process process = Process.Start(program, arguments);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        process.ExitCode.ShouldBe(0);
    }

    private async Task<long> RunAndKillAsync(int marks)
    {
        using Process child = StoreChild.Start(_temporary.Options.Directory);
        string? line = null;
        for (int i = 0; i < marks; i++)
        {
            line = await child.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        }

        child.Kill(); // SIGKILL
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        return long.Parse(line!, CultureInfo.InvariantCulture);
    }

    /// <summary>Records, totals and snapshot must tell the same story; gives the last mark stored.</summary>
    private async Task<long> AssertConsistentAsync()
    {
        await using JournalStore store = _temporary.Open();
        RestoredState restored = await store.RestoreAsync(TestContext.Current.CancellationToken);
        restored.Loss.ShouldBeNull();
        IReadOnlyList<JournalRecord> records = await store.ReadUnsentAsync(0, 100_000, TestContext.Current.CancellationToken);
        records.Select(record => record.Seq).ShouldBe(Enumerable.Range(1, records.Count).Select(seq => (long)seq));
        restored.NextSeq.ShouldBe(records.Count + 1);
        records.ShouldVerify(store).Notices.ShouldBeEmpty();
        long mark = long.Parse(Encoding.ASCII.GetString(restored.Snapshot!.State.Span)[6..], CultureInfo.InvariantCulture);
        JournalRecord[] minutes = [.. records.Where(record => record.TopicSuffix == "minute")];
        minutes.LongLength.ShouldBe(mark);
        (records.Count - minutes.Length).ShouldBe(minutes.Length, "one event per minute");
        IReadOnlyList<KeyValuePair<NumberKey, NumberCounters>> day =
            await store.ReadDayAsync(new DateOnly(2026, 5, 4), TestContext.Current.CancellationToken);
        day.Sum(row => row.Value.Attempts).ShouldBe(minutes.Sum(minute => Samples.Attempts(minute.Payload)));
        return mark;
    }
}
