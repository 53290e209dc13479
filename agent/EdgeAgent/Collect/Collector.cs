using System.Buffers;
using System.Security.Cryptography;
using System.Threading.Channels;
using EdgeAgent.Core.Evidence;
using EdgeAgent.Forward;
using MQTTnet;
using MQTTnet.Formatter;

namespace EdgeAgent.Collect;

/// <summary>
/// The central subscriber. Its session at the broker outlives it; a message is acknowledged only when it is in the books, so that after a
/// crash the broker sends it again, and the books pass over what they have.
/// </summary>
internal sealed class Collector : IAsyncDisposable
{
    private const int MaxBatch = 256;
    private const ushort ReceiveMaximum = 256; // times the largest packet: what may wait in memory
    private const int PacketOverheadBytes = 16 * 1024;

    private const int TrimAtOnce = 1_000; // in one transaction, between which records are entered

    private static readonly TimeSpan TrimInterval = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5); // for entering what has come

    private readonly CollectOptions _options;
    private readonly TimeProvider _time;
    private readonly Action<string> _say;
    private readonly BooksDesk _desk;
    private readonly ECDsa? _key;
    private readonly CollectorDuties _duties;
    private readonly Channel<(BookArrival Arrival, MqttApplicationMessageReceivedEventArgs Message)> _arrivals =
        Channel.CreateBounded<(BookArrival, MqttApplicationMessageReceivedEventArgs)>(2 * ReceiveMaximum);

    private readonly ReconnectPause _pause = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60), Random.Shared);
    private readonly CancellationTokenSource _abandoned = new();
    private IMqttClient? _client;
    private volatile bool _takesOrders;
    private Task _entering = Task.CompletedTask;

    /// <summary>Opens the books.</summary>
    /// <param name="options">How to work.</param>
    /// <param name="time">Wall clock and pauses.</param>
    /// <param name="say">Told in one line what a person at the terminal should know.</param>
    public Collector(CollectOptions options, TimeProvider time, Action<string> say)
    {
        _options = options;
        _time = time;
        _say = say;
        _key = options.KeyFile is null ? null : OrderKey.Load(options.KeyFile);
        try
        {
            _desk = BooksDesk.Open(options.Into, options.MaxAgents, say);
        }
        catch
        {
            _key?.Dispose();
            throw;
        }

        _duties = new CollectorDuties(options, new Orders(options.CommandPrefix, _key, time), time);
    }

    /// <summary>Connected and subscribed.</summary>
    public bool IsConnected => _client?.IsConnected == true;

    /// <summary>
    /// Runs until told to stop. What has come by then is still entered and acknowledged: else the broker, which has no more than
    /// <see cref="ReceiveMaximum"/> messages under way, would send the same ones to each collector that lives only for a moment.
    /// </summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        _entering = EnterAsync();
        Task ticking = TickAsync(stopping);
        while (!stopping.IsCancellationRequested)
        {
            await ConnectAsync(stopping).ConfigureAwait(false);
            TimeSpan pause = _pause.Next();
            await Task.Delay(pause, _time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await SettleAsync().ConfigureAwait(false);
        await Task.WhenAll(_entering, ticking).ConfigureAwait(false);
    }

    /// <summary>The report as it stands now.</summary>
    public Task<byte[]> ReportAsync(DaySpan days, CancellationToken cancellationToken) =>
        _desk.AskAsync(books => BooksReport.Write(books, days, _options.SilentAfter, _time.GetUtcNow()), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _desk.DisposeAsync().ConfigureAwait(false);
        _key?.Dispose();
        _abandoned.Dispose();
    }

    /// <summary>One connection, from connect to its end.</summary>
    private async Task ConnectAsync(CancellationToken stopping)
    {
        using CentreConnection connection = new(_options.Broker, _time);
        IMqttClient client = connection.Client;
        TaskCompletionSource<string> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        client.DisconnectedAsync += gone =>
        {
            _ = gone.ClientWasConnected && ended.TrySetResult(gone.Exception?.GetBaseException().Message ?? gone.Reason.ToString());
            return Task.CompletedTask;
        };
        client.ApplicationMessageReceivedAsync += message => TakeAsync(message, stopping);
        try
        {
            await OpenAsync(connection, stopping).ConfigureAwait(false);
            _client = client;
            _takesOrders = connection.Version == MqttProtocolVersion.V500;
            _say($"connected to {_options.Broker.Url}{(_takesOrders ? "" : " with MQTT 3.1.1, over which agents take no orders: holes stay, and nothing is anchored")}");
            _pause.Reset();
            string reason = await ended.Task.WaitAsync(stopping).ConfigureAwait(false);
            _say($"the connection ended: {reason}");
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await SettleAsync().ConfigureAwait(false);
            await CloseAsync(client).ConfigureAwait(false);
        }
        catch (Exception fault) // sockets, TLS, refused logins, unreadable files: all mean no connection now
        {
            _say(fault is IOException ? fault.Message : $"no connection to {_options.Broker.Url}: {fault.GetBaseException().Message}");
        }
        finally
        {
            _client = null;
        }
    }

    private Task OpenAsync(CentreConnection connection, CancellationToken stopping)
    {
        string prefix = _options.Broker.TopicPrefix;
        return connection.OpenAsync(
            _options.ClientId,
            new CentreSession(IsNew: false, _options.SessionExpiry, SignedRecord.MaxBytes + PacketOverheadBytes, ReceiveMaximum) { IsLasting = true },
            [$"{prefix}/+/info", $"{prefix}/+/status", $"{prefix}/+/minute", $"{prefix}/+/event/+", $"{prefix}/+/reply/+"],
            stopping);
    }

    private async Task TakeAsync(MqttApplicationMessageReceivedEventArgs message, CancellationToken stopping)
    {
        BookArrival? arrival = BookArrival.From(
            _options.Broker.TopicPrefix, message.ApplicationMessage.Topic, message.ApplicationMessage.Payload.ToArray(), _time.GetUtcNow());
        if (arrival is null)
        {
            return; // acknowledged by itself: nothing for the books
        }

        message.AutoAcknowledge = false;
        try
        {
            await _arrivals.Writer.WriteAsync((arrival, message), stopping).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is OperationCanceledException or ChannelClosedException)
        {
            return; // stopping; not acknowledged: it comes again
        }
    }

    /// <summary>Takes no more, and enters what it has; gives up where the disk does not take it in time.</summary>
    private async Task SettleAsync()
    {
        _arrivals.Writer.TryComplete();
        try
        {
            await _entering.WaitAsync(StopLimit, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await _abandoned.CancelAsync().ConfigureAwait(false);
        }
    }

    private async Task EnterAsync()
    {
        List<(BookArrival Arrival, MqttApplicationMessageReceivedEventArgs Message)> batch = [];
        while (await _arrivals.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            try
            {
                batch.Clear();
                while (batch.Count < MaxBatch && _arrivals.Reader.TryRead(out (BookArrival, MqttApplicationMessageReceivedEventArgs) next))
                {
                    batch.Add(next);
                }

                await _desk.EnterAsync([.. batch.Select(each => each.Arrival)], _options.Enrol, _abandoned.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            foreach ((_, MqttApplicationMessageReceivedEventArgs message) in batch)
            {
                await AcknowledgeAsync(message).ConfigureAwait(false);
            }
        }
    }

    private async Task AcknowledgeAsync(MqttApplicationMessageReceivedEventArgs message)
    {
        try
        {
            await message.AcknowledgeAsync(_abandoned.Token).ConfigureAwait(false);
        }
        catch (Exception) // its connection is gone: the broker sends it again over the next one
        {
            return;
        }
    }

    /// <summary>Looks at holes and anchors, removes old records, and writes the report beside the books.</summary>
    private async Task TickAsync(CancellationToken stopping)
    {
        long reported = _time.GetTimestamp();
        long trimmed = reported;
        while (!stopping.IsCancellationRequested)
        {
            await Task.Delay(_options.Tick, _time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                if (_time.GetElapsedTime(reported) >= _options.ReportInterval)
                {
                    reported = _time.GetTimestamp();
                    BooksReport.WriteBeside(_options.Into, await ReportAsync(default, stopping).ConfigureAwait(false));
                }

                if (_options.KeepRecords is TimeSpan keep && _time.GetElapsedTime(trimmed) >= TrimInterval)
                {
                    bool isMore = await _desk.AskAsync(books => books.Trim(keep, _time.GetUtcNow(), TrimAtOnce), stopping).ConfigureAwait(false);
                    trimmed = isMore ? trimmed : _time.GetTimestamp();
                }

                if (_key is not null && _takesOrders && _client is { IsConnected: true } client)
                {
                    foreach (MqttApplicationMessage order in await _desk.AskAsync(_duties.Due, stopping).ConfigureAwait(false))
                    {
                        await client.PublishAsync(order, stopping).ConfigureAwait(false);
                    }
                }
            }
            catch (OperationCanceledException)
            {
                continue; // stopping, or one order timed out: the next look gives it again
            }
            catch (Exception fault) // a connection that ends meanwhile, a disk that refuses: this goes on, for nobody else asks for what is missing
            {
                _say($"an order could not be sent, or the report not be made: {fault.GetBaseException().Message}");
            }
        }
    }

    private static async Task CloseAsync(IMqttClient client)
    {
        try
        {
            using CancellationTokenSource limit = new(TimeSpan.FromSeconds(2));
            await client.DisconnectAsync(new MqttClientDisconnectOptions(), limit.Token).ConfigureAwait(false);
        }
        catch (Exception) // the broker is gone: nothing to say goodbye to
        {
            return;
        }
    }
}
