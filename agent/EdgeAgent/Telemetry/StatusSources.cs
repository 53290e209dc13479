using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Pipeline;

namespace EdgeAgent.Telemetry;

/// <summary>Gives the last still picture of the signalling loop.</summary>
public interface ISignallingStatusSource
{
    /// <summary>The last picture, null before the first one. Any thread.</summary>
    SignallingStatus? Current { get; }
}

/// <summary>Gives the state of the buffer on disk.</summary>
public interface IBufferStatusSource
{
    /// <summary>The state now, null before the store is open. Any thread, does not wait.</summary>
    BufferStatus? Current { get; }
}

/// <summary>State of the buffer on disk.</summary>
/// <param name="UnsentRecords">Records the broker has not acknowledged.</param>
/// <param name="OldestUnsentAt">When the oldest of them was written, null when there is none.</param>
/// <param name="Bytes">Size of the journal.</param>
/// <param name="Epoch">Epoch the sequence numbers belong to.</param>
/// <param name="NextSequence">Sequence number of the next record.</param>
/// <param name="Fault">Why nothing can be written, null when all is well.</param>
public sealed record BufferStatus(long UnsentRecords, DateTimeOffset? OldestUnsentAt, long Bytes, string Epoch, long NextSequence, string? Fault)
{
    /// <summary>Key records are signed with: SubjectPublicKeyInfo in base64.</summary>
    public string? PublicKey { get; init; }

    /// <summary>Short name of that key.</summary>
    public string? KeyFingerprint { get; init; }

    /// <summary>Oldest record still here.</summary>
    public long OldestSequence { get; init; }

    /// <summary>Days of records the quota holds; null while that is too early to judge.</summary>
    public int? ReachedDays { get; init; }
}

/// <summary>Gives the state of the connection to the broker.</summary>
public interface IBrokerStatusSource
{
    /// <summary>The state now. Any thread, does not wait.</summary>
    BrokerStatus Current { get; }
}

/// <summary>State of the connection to the broker.</summary>
/// <param name="Broker">Address without credentials; null when none is configured.</param>
/// <param name="Connected">Connected and accepted.</param>
/// <param name="Since">Since when this is so.</param>
/// <param name="InFlight">Records sent and not yet acknowledged.</param>
/// <param name="Parked">The broker refuses our records (not authorised); they wait.</param>
/// <param name="LastError">Last failure, null when there was none.</param>
/// <param name="Standby">Why this is the standby broker: the first one and its failure; null while the first is used.</param>
public sealed record BrokerStatus(
    string? Broker, bool Connected, DateTimeOffset? Since, int InFlight, bool Parked, string? LastError, string? Standby = null);

/// <summary>Gives the counters of past civil days (Europe/Paris).</summary>
public interface IDayNumbersSource
{
    /// <summary>Counters of every number that moved on <paramref name="day"/>; empty when nothing is kept of it.</summary>
    ValueTask<IReadOnlyList<KeyValuePair<NumberKey, NumberCounters>>> ReadDayAsync(DateOnly day, CancellationToken cancellationToken);
}

/// <summary>A loop whose standing still must end the process: the service manager is told "alive" only while every one advances.</summary>
public interface IHeartbeat
{
    /// <summary>Name in status and logs, such as <c>signalling</c>.</summary>
    string Name { get; }

    /// <summary>Rounds so far; grows at least once a second while the loop lives, also when there is nothing to do. Any thread.</summary>
    long Beats { get; }
}
