namespace EdgeAgent.Configuration;

/// <summary>The buffer on disk.</summary>
public sealed class StoreOptions
{
    /// <summary>Directory of the journal, the pseudonym key and the lock; one agent per directory. Default <c>/var/lib/edge-agent</c>.</summary>
    public string Directory { get; set; } = "/var/lib/edge-agent";

    /// <summary>
    /// Private key records are signed with (ECDSA P-256, PKCS#8 PEM): absolute path or, resolved by the loader, a systemd credential. Empty:
    /// made on first start inside <see cref="Directory"/>.
    /// </summary>
    public string SigningKeyFile { get; set; } = "";

    /// <summary>
    /// The key that signed before, which gives its word for the new one in the first record under it. Empty: the one in <see cref="Directory"/>,
    /// if there is one.
    /// </summary>
    public string FormerSigningKeyFile { get; set; } = "";

    /// <summary>
    /// Largest size of the journal in bytes. Records take at most half of it, the rest is for totals, open calls and slack; past that
    /// half the oldest records go. Default 256 MiB.
    /// </summary>
    public long QuotaBytes { get; set; } = 256L * 1024 * 1024;

    /// <summary>How long records and the totals of a day are kept, sent or not. Default 60 d.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(60);

    /// <summary>Time between two durable snapshots of open calls; what a crash may lose. Default 5 s.</summary>
    public TimeSpan SnapshotInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Largest record in bytes; a longer minute is split. Lower it for a broker with a small packet limit. Default 128 KiB.</summary>
    public int MaxRecordBytes { get; set; } = 128 * 1024;

    /// <summary>
    /// Rows (one per number and minute, one per event) held in memory while the disk refuses to write, about 400 bytes each. Past it the
    /// oldest go, which is recorded as a loss. Default 50,000.
    /// </summary>
    public int PendingRows { get; set; } = 50_000;

    /// <summary>How often acknowledgements alone are written to disk; a crash sends that much again. Default 5 s.</summary>
    public TimeSpan AcknowledgeInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Numbers of a civil day that get a retained topic of their own; later ones share <c>number/other</c>. Default 2,000.</summary>
    public int NumberTopics { get; set; } = 2_000;

    /// <summary>Whole days of <see cref="Retention"/>, at least one.</summary>
    internal int RetentionDays => Math.Max(1, (int)Math.Ceiling(Retention.TotalDays));
}
