namespace EdgeAgent.Store;

/// <summary>One record of the journal, as it is sent.</summary>
/// <param name="Epoch">Identity of the journal it stands in.</param>
/// <param name="Seq">Gapless sequence number within the epoch, from 1.</param>
/// <param name="TopicSuffix">Topic below <c>&lt;prefix&gt;/&lt;agent&gt;/</c>, such as <c>minute</c> or <c>event/guard</c>.</param>
/// <param name="Payload">The exact bytes to send; the same at every delivery.</param>
/// <param name="StoredAt">When it was stored.</param>
public readonly record struct JournalRecord(
    string Epoch, long Seq, string TopicSuffix, ReadOnlyMemory<byte> Payload, DateTimeOffset StoredAt);
