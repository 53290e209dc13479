using EdgeAgent.Store;
using MQTTnet;

namespace EdgeAgent.Forward;

/// <summary>What one connection does for commands: subscribes, sends replies, and sends again what <c>replay</c> asked for.</summary>
internal sealed class CommandSession(SessionContext context, BrokerLink link, CommandReceiver receiver, SendSlots slots, Messages messages)
{
    private const int RecordsAtOnce = 20;

    private static readonly TimeSpan StorePause = TimeSpan.FromSeconds(1);

    /// <summary>Runs until the link is over.</summary>
    public async Task RunAsync()
    {
        if (await link.SubscribeAsync(receiver.Filters).ConfigureAwait(false) is string refusal)
        {
            ForwardLog.CommandsRefused(context.Logger, refusal);
        }
        else if (!link.Over.IsCancellationRequested)
        {
            context.Board.Listening();
        }

        await Task.WhenAll(UntilOverAsync(SendRepliesAsync), UntilOverAsync(SendAgainAsync)).ConfigureAwait(false);
    }

    private async Task UntilOverAsync(Func<Task> step)
    {
        while (!link.Over.IsCancellationRequested)
        {
            try
            {
                await step().ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return; // the link is over
            }
            catch (StoreUnavailableException)
            {
                await Task.Delay(StorePause, context.Time, link.Over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (ObjectDisposedException)
            {
                return; // the store is closed: the agent stops
            }
        }
    }

    private async Task SendRepliesAsync()
    {
        await receiver.Replies.WaitToReadAsync(link.Over).ConfigureAwait(false);
        if (!receiver.Replies.TryPeek(out CommandReply? reply))
        {
            return;
        }

        MqttApplicationMessage message = messages.Reply(reply.Topic, reply.Payload, reply.CorrelationData);
        MqttClientPublishResult? result = await link.PublishAsync(message).ConfigureAwait(false);
        if (result is not null)
        {
            receiver.Replies.TryRead(out _); // refused ones too: a broker that forbids the topic must not hold up the others
        }
    }

    private async Task SendAgainAsync()
    {
        if (receiver.Replays.Next() is not ReplayRange range)
        {
            await receiver.Replays.WaitAsync(link.Over).ConfigureAwait(false);
            return;
        }

        long begun = context.Time.GetTimestamp();
        long last = Math.Min(range.Last, range.First + RecordsAtOnce - 1);
        IReadOnlyList<JournalRecord> records = range.Epoch == context.Journal.Identity.Epoch
            ? await context.Journal.ReadRangeAsync(range.First, last, RecordsAtOnce, link.Over).ConfigureAwait(false)
            : []; // the journal was replaced meanwhile
        foreach (JournalRecord record in records)
        {
            if (!await SendAgainAsync(record).ConfigureAwait(false))
            {
                return;
            }
        }

        receiver.Replays.Advance(range, records.Count == 0 ? last : records[^1].Seq);
        TimeSpan due = TimeSpan.FromSeconds((double)records.Count / receiver.ReplayPerSecond) - context.Time.GetElapsedTime(begun);
        if (due > TimeSpan.Zero)
        {
            await Task.Delay(due, context.Time, link.Over).ConfigureAwait(false);
        }
    }

    private async Task<bool> SendAgainAsync(JournalRecord record)
    {
        MqttApplicationMessage message = messages.Record(context.Topics.Record(record.TopicSuffix), record.Payload);
        await slots.TakeAsync(link.Over).ConfigureAwait(false); // one place among those of the live records, never more
        try
        {
            MqttClientPublishResult? result = await link.PublishAsync(message).ConfigureAwait(false);
            return result is not null && BrokerAnswer.IsAccepted(result);
        }
        finally
        {
            slots.Free();
        }
    }
}
