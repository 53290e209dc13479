namespace EdgeAgent.Configuration;

/// <summary>The buffer on disk.</summary>
public sealed class StoreOptions
{
    /// <summary>Directory of the journal, the pseudonym key and the lock. Default <c>/var/lib/edge-agent</c>.</summary>
    public string Directory { get; set; } = "/var/lib/edge-agent";

    /// <summary>Largest size of the journal in bytes; past it the oldest records are summed into one. Default 1 GiB.</summary>
    public long QuotaBytes { get; set; } = 1024L * 1024 * 1024;

    /// <summary>How long acknowledged records are kept for a replay. Default 30 d.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Time between two durable snapshots of open calls; what a crash may lose. Default 5 s.</summary>
    public TimeSpan SnapshotInterval { get; set; } = TimeSpan.FromSeconds(5);
}
