using EdgeAgent.Core.Metrics;

namespace EdgeAgent.Store;

/// <summary>Running totals of a civil day for one retained topic.</summary>
/// <param name="Topic">Last topic level: the digits of a number, <c>other</c> or <c>none</c>.</param>
/// <param name="Day">Civil day in Europe/Paris.</param>
/// <param name="Counters">The totals; null when the topic has been idle for a week and is to be cleared.</param>
public sealed record NumberTotal(string Topic, DateOnly Day, NumberCounters? Counters);
