using System.Globalization;
using EdgeAgent.Tests.Store;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Forward;

/// <summary>A backlog is drained while minutes go on.</summary>
public sealed class DrainTests
{
    /// <summary>Records of the backlog; 10080 are a week of minutes.</summary>
    private const string RecordsVariable = "EDGEAGENT_BACKLOG_RECORDS";
    private const int DefaultRecords = 2_000;

    /// <summary>What may still go out before a record that has just been stored: one reading of the journal, and what is in flight.</summary>
    private const int AheadOfLive = 20 + 10;

    [Fact]
    public async Task Run_Backlog_LiveRecordsGoFirstAndEachArrivesOnce()
    {
        int records = int.TryParse(Environment.GetEnvironmentVariable(RecordsVariable), NumberStyles.None, CultureInfo.InvariantCulture, out int asked)
            ? asked
            : DefaultRecords;
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using Subscriber centre = await Subscriber.StartAsync(broker.Port);
        await using ForwarderFixture agent = new(broker.Url);
        await agent.SubmitAsync(records / 2); // a minute and an event each
        long begun = TimeProvider.System.GetTimestamp();
        List<(long Seq, long AcknowledgedBefore)> live = [];

        await agent.StartAsync();
        await Eventually.TrueAsync(() => agent.Status.Acknowledged > 0, "the drain has begun"); // what is stored before it is backlog
        do
        {
            await agent.SubmitAsync(1);
            live.Add((agent.Store.Status.LastSeq, agent.Status.Acknowledged));
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
        while (agent.Store.Status.Depth > 0);

        TimeSpan drained = TimeProvider.System.GetElapsedTime(begun);
        await Eventually.TrueAsync(() => centre.Records.Count >= agent.Store.Status.LastSeq, "everything");
        TestContext.Current.SendDiagnosticMessage($"{records} records drained in {drained.TotalSeconds:0.0} s beside {live.Count} live minutes");

        long[] order = [.. centre.Records.Select(arrival => arrival.Json.GetProperty("seq").GetInt64())];
        order.Order().ShouldBe(Enumerable.Range(1, (int)agent.Store.Status.LastSeq).Select(seq => (long)seq), "each record once");
        live.ShouldAllBe(sent => Array.IndexOf(order, sent.Seq) <= sent.AcknowledgedBefore + AheadOfLive + 2); // 2: the minute before its event, and itself
    }
}
