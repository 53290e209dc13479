namespace EdgeAgent.Store;

/// <summary>
/// Faults that are none of the environment's. After so many within an hour a file counts as damaged although it opens. Storage thread only.
/// </summary>
internal sealed class DamageSigns(TimeProvider time)
{
    private const int Max = 3;

    private static readonly TimeSpan Age = TimeSpan.FromHours(1);

    private int _count;
    private long _last;

    /// <summary>Counts a sign; gives it back when it is one too many.</summary>
    /// <param name="sign">The fault; null when the file is opened for another reason.</param>
    public Exception? Count(Exception? sign)
    {
        _count = time.GetElapsedTime(_last) > Age ? 0 : _count;
        if (sign is not null)
        {
            _count++;
            _last = time.GetTimestamp();
        }

        return _count >= Max ? sign : null;
    }

    /// <summary>Another file is in its place.</summary>
    public void Forget() => _count = 0;
}
