namespace EdgeAgent.Core.Metrics;

/// <summary>Counts of final status codes, sorted by code. Few codes occur, so an array searched from its start is the smallest form.</summary>
public sealed class StatusHistogram
{
    private (short Code, long Count)[] _entries = [];

    /// <summary>Codes with their counts, ascending.</summary>
    public ReadOnlySpan<(short Code, long Count)> Entries => _entries;

    /// <summary>Adds <paramref name="count"/> to <paramref name="code"/> (100 to 699).</summary>
    public void Add(int code, long count = 1)
    {
        int i = 0;
        for (; i < _entries.Length && _entries[i].Code <= code; i++)
        {
            if (_entries[i].Code == code)
            {
                _entries[i].Count += count;
                return;
            }
        }

        (short, long)[] grown = new (short, long)[_entries.Length + 1];
        _entries.AsSpan(0, i).CopyTo(grown);
        grown[i] = ((short)code, count);
        _entries.AsSpan(i).CopyTo(grown.AsSpan(i + 1));
        _entries = grown;
    }

    /// <summary>Sum over <paramref name="codes"/>.</summary>
    public long Sum(params ReadOnlySpan<int> codes)
    {
        long sum = 0;
        foreach ((short code, long count) in _entries)
        {
            sum += codes.Contains(code) ? count : 0;
        }

        return sum;
    }

    /// <summary>Sum over a class of codes.</summary>
    /// <param name="hundreds">First digit of the codes, 1 to 6.</param>
    public long SumOfClass(int hundreds)
    {
        long sum = 0;
        foreach ((short code, long count) in _entries)
        {
            sum += code / 100 == hundreds ? count : 0;
        }

        return sum;
    }

    /// <summary>Adds every count of <paramref name="other"/>.</summary>
    public void Add(StatusHistogram other)
    {
        ArgumentNullException.ThrowIfNull(other);
        foreach ((short code, long count) in other._entries)
        {
            Add(code, count);
        }
    }
}
