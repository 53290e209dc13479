using EdgeAgent.Core.Evidence;

namespace EdgeAgent.Store;

/// <summary>What goes on every record beside its content. Outlives the reopening of the database. Storage thread only.</summary>
internal sealed class RecordStamp(SigningKey key, RecordOrigin origin)
{
    /// <summary>Signs.</summary>
    public SigningKey Key { get; } = key;

    /// <summary>The word of the key before; null when there was no other.</summary>
    public KeySuccession? Succession { get; init; }

    /// <summary>Conditions of what was stored last.</summary>
    public RecordOrigin Origin { get; set; } = origin;

    /// <summary>The last anchor that no record contains yet.</summary>
    public Anchor? Anchor { get; set; }
}

/// <summary>Where in the chain the next record goes. One transaction's; the writer moves it on with each record.</summary>
internal sealed class RecordCursor(long seq, RecordHash previous)
{
    /// <summary>Number of the next record.</summary>
    public long Seq { get; private set; } = seq;

    /// <summary>Hash of the record before it, or of the epoch's link.</summary>
    public RecordHash Previous { get; private set; } = previous;

    /// <summary>Conditions under which it is made.</summary>
    public required RecordOrigin Origin { get; set; }

    /// <summary>Anchor it has to contain; null when none waits.</summary>
    public Anchor? Anchor { get; set; }

    /// <summary>Set for the first record of an epoch: how the epoch begins.</summary>
    public EpochLink? Begins { get; set; }

    /// <summary>The record has to state the public key: it is the first under it.</summary>
    public bool StatesKey { get; set; }

    /// <summary>With <see cref="StatesKey"/>: the word of the key that signed the record before; null when it gave none.</summary>
    public KeySuccession? Succeeds { get; set; }

    /// <summary>A record was made.</summary>
    public void MoveOn(in RecordHash hash)
    {
        Seq++;
        Previous = hash;
        Anchor = null;
        Begins = null;
        StatesKey = false;
    }
}
