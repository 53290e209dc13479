using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace EdgeAgent.Store;

/// <summary>Where and how much the agent keeps on disk; section <c>store</c> of the configuration.</summary>
public sealed class StoreOptions
{
    /// <summary>Directory of the journal, its lock and the pseudonym key. One agent per directory. Default <c>/var/lib/edge-agent</c>.</summary>
    [Required]
    public string Directory { get; set; } = "/var/lib/edge-agent";

    /// <summary>
    /// Largest size of the journal file in bytes. Records take at most half of it, the rest is for totals, open calls and slack; past
    /// that half the oldest records go. 16 MiB to 1 TiB, default 1 GiB.
    /// </summary>
    [Range(16L * 1024 * 1024, 1024L * 1024 * 1024 * 1024)]
    public long QuotaBytes { get; set; } = 1024L * 1024 * 1024;

    /// <summary>Days a record and the totals of a day stay, sent or not. 1 to 3,660, default 60.</summary>
    [Range(1, 3_660)]
    public int RetentionDays { get; set; } = 60;

    /// <summary>Largest record in bytes; a longer minute is split. Lower it for a broker with a small packet limit. 32 KiB to 128 KiB, default 128 KiB.</summary>
    [Range(32 * 1024, 128 * 1024)]
    public int MaxRecordBytes { get; set; } = 128 * 1024;

    /// <summary>
    /// Rows (one per number and minute, one per event) held in memory while the disk refuses to write, about 400 bytes each. Past it the
    /// oldest go, which is recorded as a loss. 1,000 to 1,000,000, default 50,000.
    /// </summary>
    [Range(1_000, 1_000_000)]
    public int PendingRows { get; set; } = 50_000;

    /// <summary>How often acknowledgements alone are written to disk. 0.1 s to 1 minute, default 5 s; a crash sends that much again.</summary>
    [TimeSpanRange(0.1, 60)]
    public TimeSpan AcknowledgeInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Numbers of a civil day that get a retained topic of their own; later ones share <c>number/other</c>. 0 to 100,000, default 2,000.</summary>
    [Range(0, 100_000)]
    public int NumberTopics { get; set; } = 2_000;
}

/// <summary>Checks <see cref="StoreOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class StoreOptionsValidator : IValidateOptions<StoreOptions>;
