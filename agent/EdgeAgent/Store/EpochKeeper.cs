namespace EdgeAgent.Store;

/// <summary>
/// Writes the copy outside the database after records were committed, at most each <see cref="Interval"/>: each time costs two flushes.
/// Storage thread only.
/// </summary>
internal sealed class EpochKeeper(string directory, TimeProvider time)
{
    /// <summary>What an older database put back may lack at most without being noticed here; anchors notice it all the same.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private EpochFile? _written;
    private long _writtenAt;

    /// <summary>Notes that the file was written when the journal was opened.</summary>
    public void Begin(EpochFile stand) => _written = stand;

    /// <summary>Writes the file when it is behind and its time has come.</summary>
    /// <param name="stand">Where the journal stands on disk.</param>
    /// <param name="isLast">The journal is being closed: now, whatever the time.</param>
    /// <returns>The fault of a disk that refuses; tried again after the interval. Null when all is well.</returns>
    public Exception? Keep(EpochFile stand, bool isLast)
    {
        bool isDue = _writtenAt == 0 || isLast || time.GetElapsedTime(_writtenAt) >= Interval;
        if (stand == _written || !isDue)
        {
            return null;
        }

        _writtenAt = time.GetTimestamp();
        try
        {
            stand.Write(directory);
            _written = stand;
            return null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return fault;
        }
    }
}
