using System.Net.Sockets;
using EdgeAgent.Configuration;
using EdgeAgent.Forward;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace EdgeAgent.Collect;

/// <summary>What the centre's own clients want of a connection. MQTT 3.1.1 has no word for its bounds: there they are the broker's.</summary>
/// <param name="IsNew">Leave nothing over from an earlier session.</param>
/// <param name="Expiry">How long the broker keeps the session after the connection; zero: it ends with it.</param>
/// <param name="MaxPacketBytes">Largest packet taken.</param>
/// <param name="ReceiveMaximum">Messages under way at once; null leaves it to the broker.</param>
internal sealed record CentreSession(bool IsNew, TimeSpan Expiry, uint MaxPacketBytes, ushort? ReceiveMaximum = null)
{
    /// <summary>The client comes back under the same id: it is of use that a session of MQTT 3.1.1 never expires.</summary>
    public bool IsLasting { get; init; }
}

/// <summary>One connection of the centre's own clients, over every transport and with every certificate an agent can use.</summary>
/// <param name="broker">The broker and how to log in.</param>
/// <param name="time">Wall clock: the time at which a certificate has to be valid.</param>
internal sealed class CentreConnection(MqttOptions broker, TimeProvider time) : IDisposable
{
    private BrokerFiles? _files;

    /// <summary>The client; give it its handlers before <see cref="OpenAsync"/>.</summary>
    public IMqttClient Client { get; } = new MqttClientFactory().CreateMqttClient();

    /// <summary>Version spoken: 3.1.1 with a broker that says it knows no later one, and no orders then.</summary>
    public MqttProtocolVersion Version { get; private set; } = MqttProtocolVersion.V500;

    /// <summary>Connects and subscribes.</summary>
    /// <param name="clientId">Client id.</param>
    /// <param name="session">Session and bounds.</param>
    /// <param name="filters">Topics wanted.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IOException">There is no connection, or something was refused; the message says what.</exception>
    public async Task OpenAsync(
        string clientId, CentreSession session, IReadOnlyList<string> filters, CancellationToken cancellationToken)
    {
        BrokerCertificate certificate = new(new Uri(broker.Url).DnsSafeHost, null, time.GetUtcNow());
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(broker.AckTimeout);
        try
        {
            _files = BrokerFiles.Read(broker);
            certificate = new BrokerCertificate(new Uri(broker.Url).DnsSafeHost, _files.Authorities, time.GetUtcNow());
            MqttClientConnectResult accepted = await Client.ConnectAsync(Options(clientId, session, _files, certificate), limit.Token).ConfigureAwait(false);
            if (BrokerAnswer.IsTooNew(accepted))
            {
                Version = MqttProtocolVersion.V311;
                accepted = await Client.ConnectAsync(Options(clientId, session, _files, certificate), limit.Token).ConfigureAwait(false);
            }

            if (accepted.ResultCode != MqttClientConnectResultCode.Success)
            {
                throw new IOException($"the broker {Name} refused the login: {accepted.ResultCode}");
            }

            await SubscribeAsync(filters, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"no connection to {Name}: no answer within {broker.AckTimeout.TotalSeconds:0.#} s");
        }
        catch (Exception fault) when (fault is MqttCommunicationException or SocketException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new IOException($"no connection to {Name}: {certificate.Fault ?? fault.GetBaseException().Message}", fault);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Client.Dispose();
        _files?.Dispose();
    }

    private string Name => BrokerConnection.Describe(broker);

    private MqttClientOptions Options(string clientId, CentreSession session, BrokerFiles files, BrokerCertificate certificate)
    {
        MqttClientOptionsBuilder options = BrokerConnection.Begin(broker, Version, clientId, files, certificate)
            .WithCleanStart(Version == MqttProtocolVersion.V500 ? session.IsNew : !session.IsLasting)
            .WithKeepAlivePeriod(broker.KeepAlive)
            .WithTimeout(broker.AckTimeout);
        if (Version == MqttProtocolVersion.V500)
        {
            options.WithSessionExpiryInterval((uint)session.Expiry.TotalSeconds).WithMaximumPacketSize(session.MaxPacketBytes);
            _ = session.ReceiveMaximum is ushort most ? options.WithReceiveMaximum(most) : options;
        }

        return options.Build();
    }

    private async Task SubscribeAsync(IReadOnlyList<string> filters, CancellationToken cancellationToken)
    {
        MqttClientSubscribeOptionsBuilder subscription = new();
        foreach (string filter in filters)
        {
            subscription.WithTopicFilter(filter, MqttQualityOfServiceLevel.AtLeastOnce);
        }

        MqttClientSubscribeResult subscribed = await Client.SubscribeAsync(subscription.Build(), cancellationToken).ConfigureAwait(false);
        if (subscribed.Items.FirstOrDefault(item => item.ResultCode > MqttClientSubscribeResultCode.GrantedQoS2) is { } refused)
        {
            throw new IOException($"the broker {Name} refused the subscription to {refused.TopicFilter.Topic}: {refused.ResultCode}");
        }
    }
}
