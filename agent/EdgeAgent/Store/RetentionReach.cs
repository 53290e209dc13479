using EdgeAgent.Configuration;

namespace EdgeAgent.Store;

/// <summary>Estimates how many days of records the quota holds, from what those here take.</summary>
internal static class RetentionReach
{
    private static readonly TimeSpan ShortestSpan = TimeSpan.FromHours(1);

    /// <summary>Whole days, at most those of the configured retention; null while there is less than an hour to judge by.</summary>
    /// <param name="options">Quota and retention.</param>
    /// <param name="recordBytes">Bytes of the records here.</param>
    /// <param name="oldest">When the oldest of them was stored.</param>
    /// <param name="now">Wall clock.</param>
    public static int? Days(StoreOptions options, long recordBytes, DateTimeOffset? oldest, DateTimeOffset now)
    {
        if (oldest is not DateTimeOffset since || now - since < ShortestSpan || recordBytes <= 0)
        {
            return null;
        }

        double bytesPerDay = recordBytes / (now - since).TotalDays;
        return (int)Math.Min(options.RetentionDays, JournalTrimmer.RecordQuota(options) / bytesPerDay);
    }
}
