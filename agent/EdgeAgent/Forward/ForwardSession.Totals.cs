using EdgeAgent.Store;
using MQTTnet;

namespace EdgeAgent.Forward;

/// <content>Running totals per number, retained.</content>
internal sealed partial class ForwardSession
{
    private const int TotalsAtOnce = 64;

    private async Task MarkTotalsAsync()
    {
        try
        {
            await _journal.MarkTotalsAsync(_link.Over).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is StoreUnavailableException or ObjectDisposedException or OperationCanceledException)
        {
            return; // after the next opening of the store they are marked anyway
        }
    }

    private async Task<bool> SendTotalsAsync()
    {
        IReadOnlyList<NumberTotal> totals = await _journal.TakeChangedTotalsAsync(TotalsAtOnce, _link.Over).ConfigureAwait(false);
        for (int i = 0; i < totals.Count; i++)
        {
            try
            {
                await _slots.TakeAsync(_link.Over).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                await GiveBackAsync(totals.Skip(i)).ConfigureAwait(false);
                throw;
            }

            _ = SendAsync(totals[i]);
        }

        return totals.Count > 0;
    }

    private async Task SendAsync(NumberTotal total)
    {
        string topic = context.Topics.Number(total.Topic);
        MqttApplicationMessage message = total.Counters is null
            ? Messages.Clearing(topic)
            : _messages.Number(topic, context.States.Number(total, total.Counters));
        bool isSent = await _link.PublishStateAsync(message).ConfigureAwait(false);
        if (!isSent)
        {
            await GiveBackAsync([total]).ConfigureAwait(false);
        }
        else if (total.Counters is null)
        {
            await SettleTotalAsync(total, isSent: true).ConfigureAwait(false);
        }

        _slots.Free();
    }

    private async Task GiveBackAsync(IEnumerable<NumberTotal> totals)
    {
        foreach (NumberTotal total in totals)
        {
            await SettleTotalAsync(total, isSent: false).ConfigureAwait(false);
        }
    }

    private async Task SettleTotalAsync(NumberTotal total, bool isSent)
    {
        try
        {
            await _journal.SettleTotalAsync(total, isSent, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is StoreUnavailableException or ObjectDisposedException)
        {
            return; // after the next start the totals of the day are sent again anyway
        }
    }
}
