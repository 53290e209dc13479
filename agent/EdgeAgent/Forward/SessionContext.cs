using EdgeAgent.Configuration;
using EdgeAgent.Store;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Forward;

/// <summary>
/// What every connection of the forwarder works with. <c>Broker</c> is the one of this connection, <c>Info</c> is as of the start,
/// <c>InfoNow</c> after any reload.
/// </summary>
internal sealed record SessionContext(
    IJournal Journal,
    MqttOptions Options,
    BrokerOptions Broker,
    AgentInfo Info,
    Func<AgentInfo> InfoNow,
    IReadOnlyList<IHealthSource> HealthSources,
    ForwardTiming Timing,
    ForwardBoard Board,
    TimeProvider Time,
    ILogger Logger)
{
    /// <summary>Topics of this agent.</summary>
    public Topics Topics { get; } = new(Options.TopicPrefix, Info.AgentId);

    /// <summary>Takes commands; null where none are taken.</summary>
    public CommandReceiver? Commands { get; init; }

    /// <summary>The agent stops.</summary>
    public CancellationToken Stopping { get; init; }

    /// <summary>Writer of retained documents.</summary>
    public StateWriter States { get; } = new(Info);

    /// <summary>The broker for people: never credentials.</summary>
    public string BrokerName => BrokerConnection.Describe(Broker); // not kept: a copy for another broker would keep it too
}
