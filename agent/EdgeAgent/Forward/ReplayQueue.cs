using System.Threading.Channels;

namespace EdgeAgent.Forward;

/// <summary>Ranges of records to be sent again, in the order they were asked for. Thread-safe; lost with the process: the centre asks again.</summary>
internal sealed class ReplayQueue
{
    /// <summary>Ranges that wait at most.</summary>
    internal const int MaxRanges = 64;

    private readonly Lock _gate = new();
    private readonly Channel<bool> _added = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly LinkedList<ReplayRange> _ranges = new();

    /// <summary>Adds a range; false when too many wait.</summary>
    public bool TryAdd(ReplayRange range)
    {
        lock (_gate)
        {
            if (_ranges.Count == MaxRanges)
            {
                return false;
            }

            if (_ranges.Contains(range))
            {
                return true; // asked for twice before its turn
            }

            _ranges.AddLast(range);
        }

        _added.Writer.TryWrite(true);
        return true;
    }

    /// <summary>Waits until something may have been added.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _added.Reader.ReadAsync(cancellationToken).AsTask();

    /// <summary>What is to be sent next; null when nothing is.</summary>
    public ReplayRange? Next()
    {
        lock (_gate)
        {
            return _ranges.First?.Value;
        }
    }

    /// <summary>Notes that <paramref name="range"/> is done up to <paramref name="seq"/>.</summary>
    public void Advance(ReplayRange range, long seq)
    {
        lock (_gate)
        {
            if (_ranges.First is { } first && first.Value == range)
            {
                _ranges.RemoveFirst();
                if (seq < range.Last)
                {
                    _ranges.AddFirst(range with { First = seq + 1 });
                }
            }
        }
    }
}

/// <summary>Records to be sent again.</summary>
/// <param name="Epoch">Journal they stand in.</param>
/// <param name="First">First of them.</param>
/// <param name="Last">Last of them.</param>
internal readonly record struct ReplayRange(string Epoch, long First, long Last);
