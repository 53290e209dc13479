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

    [Fact]
    public async Task Write_DiskFull_WaitsAndLosesNothing()
    {
        using Process child = StoreChild.StartOnDiskOf(megabytes: 3, _temporary.Options.Directory);
        string disk = $"/proc/{child.Id}/root{_temporary.Options.Directory}"; // only the child sees it mounted
        (await child.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldNotBeNull();
        Fill(Path.Combine(disk, "filler"));
        string? line;
        do
        {
            line = await child.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        }
        while (line is not null && !line.StartsWith("fault", StringComparison.Ordinal));
        line.ShouldNotBeNull("the disk should have refused");

        File.Delete(Path.Combine(disk, "filler"));
        string? recovered = await child.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        await RunAsync("kill", $"-STOP {child.Id}"); // as good as killed, and its disk can still be looked at
        await RunAsync("cp", $"-a {disk}/. {_temporary.Options.Directory}/"); // File.Copy would mind its locks
        child.Kill();
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);

        Directory.GetFiles(_temporary.Options.Directory, "*.damaged-*").ShouldBeEmpty();
        long.Parse(recovered!, CultureInfo.InvariantCulture).ShouldBeLessThanOrEqualTo(await AssertConsistentAsync());
    }

    [Fact]
    public async Task Write_StatesThatFillTheDisk_BeginAnewAndGoOn()
    {
        const int stateBytes = 200_000;
        using Process child = StoreChild.StartOnDiskOf(megabytes: 2, _temporary.Options.Directory, stateBytes);
        string disk = $"/proc/{child.Id}/root{_temporary.Options.Directory}";
        for (int mark = 1; mark <= 100; mark++) // ten times what fits
        {
            (await child.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldBe(mark.ToString(CultureInfo.InvariantCulture));
        }

        await RunAsync("kill", $"-STOP {child.Id}");
        await RunAsync("cp", $"-a {disk}/. {_temporary.Options.Directory}/");
        child.Kill();
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        StateLog states = new(_temporary.Options.Directory);
        states.Open(100);
        states.Current.ShouldNotBeNull().State.ToArray().ShouldBe(StoreChild.State(100, stateBytes));
    }

    [Fact]
    public async Task Write_FileSizeLimitOfTheSystemReached_WaitsAndLosesNothing()
    {
        using Process child = StoreChild.Start(_temporary.Options.Directory, "trap '' XFSZ;"); // a write past the limit then fails
        string? line = await child.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        await RunAsync("prlimit", $"--fsize={400 * 1024}:unlimited --pid {child.Id}");
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

    private static void Fill(string path)
    {
        try
        {
            using FileStream filler = new(path, FileMode.Create);
            byte[] page = new byte[4_096];
            while (true)
            {
                filler.Write(page);
                filler.Flush();
            }
        }
        catch (IOException)
        {
            return; // full
        }
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
