namespace EdgeAgent.Core.Evidence;

/// <summary>Collects findings, each once, and keeps the earliest.</summary>
internal sealed class FindingBook(int max)
{
    private readonly SortedSet<Finding> _findings = new(Order.ByPlace);
    private readonly List<string> _notices = [];

    /// <summary>All findings, those not kept included.</summary>
    public long Count { get; private set; }

    /// <summary>The earliest.</summary>
    public IReadOnlyList<Finding> Findings => [.. _findings];

    /// <summary>What is worth knowing, in order of coming.</summary>
    public IReadOnlyList<string> Notices => _notices;

    /// <summary>A book that begins with the same entries.</summary>
    public FindingBook Copy()
    {
        FindingBook copy = new(max) { Count = Count };
        copy._findings.UnionWith(_findings);
        copy._notices.AddRange(_notices);
        return copy;
    }

    /// <summary>Notes something wrong.</summary>
    public void Add(Finding finding)
    {
        if (_findings.Add(finding))
        {
            Count++;
            if (_findings.Count > max)
            {
                _findings.Remove(_findings.Max!);
            }
        }
    }

    /// <summary>Notes something worth knowing.</summary>
    public void Notice(string text)
    {
        if (_notices.Count < max && !_notices.Contains(text))
        {
            _notices.Add(text);
        }
    }

    /// <summary>By agent, epoch (its name begins with its time) and number; what belongs to no record comes last.</summary>
    private sealed class Order : IComparer<Finding>
    {
        public static readonly Order ByPlace = new();

        public int Compare(Finding? x, Finding? y)
        {
            if (x is null || y is null)
            {
                return x is null ? (y is null ? 0 : -1) : 1;
            }

            int known = (x.Epoch.Length == 0).CompareTo(y.Epoch.Length == 0);
            int agent = known != 0 ? known : string.CompareOrdinal(x.Agent, y.Agent);
            int epoch = agent != 0 ? agent : string.CompareOrdinal(x.Epoch, y.Epoch);
            int seq = epoch != 0 ? epoch : x.Seq.CompareTo(y.Seq);
            int kind = seq != 0 ? seq : x.Kind.CompareTo(y.Kind);
            return kind != 0 ? kind : string.CompareOrdinal(x.Text, y.Text);
        }
    }
}
