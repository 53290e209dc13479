namespace EdgeAgent.Core.Metrics;

/// <summary>
/// Pairs of number and person that were new on a day, as keyed hashes: a part of the day's table that never changes, so that it is written
/// once and not with every snapshot.
/// </summary>
/// <param name="Day">Civil day; with its end the page is of no use.</param>
/// <param name="Pairs">Hashes, 8 bytes each in the order of the machine.</param>
public sealed record CalleePage(DateOnly Day, ReadOnlyMemory<byte> Pairs);
