namespace EdgeAgent.Store;

/// <summary>What the journal makes of an anchor. In every case the next record contains it.</summary>
public enum AnchorOutcome
{
    /// <summary>The record is here and the same.</summary>
    Confirmed = 0,
    /// <summary>The record is no longer here: delivered and removed, or summed up.</summary>
    NotKept,
    /// <summary>The anchor is of another epoch than the one now written; the collector may not have heard of it yet.</summary>
    OtherEpoch,
    /// <summary>The journal ends before the record: an older store was put back. A new epoch has begun and reports it.</summary>
    RolledBack,
    /// <summary>The record is another one: history was changed. A new epoch has begun and reports it.</summary>
    Rewritten,
}
