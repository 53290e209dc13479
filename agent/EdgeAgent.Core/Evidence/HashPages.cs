namespace EdgeAgent.Core.Evidence;

/// <summary>What is remembered of a record: enough to tell a copy from another record.</summary>
/// <param name="Hash">First half of its hash.</param>
/// <param name="Signature">Last bytes of its signature: one content can have several valid ones.</param>
internal readonly record struct RecordMark(UInt128 Hash, ulong Signature);

/// <summary>Marks of records by number, in pages. When all pages of a check are taken, the one unused for longest is forgotten.</summary>
internal sealed class HashPages(PageShelf shelf)
{
    private readonly Dictionary<long, LinkedListNode<PageShelf.Page>> _pages = [];

    /// <summary>The mark of <paramref name="seq"/>; null when there is none, or no longer.</summary>
    public RecordMark? Find(long seq)
    {
        if (!_pages.TryGetValue(seq / PageShelf.PageSize, out LinkedListNode<PageShelf.Page>? node))
        {
            return null;
        }

        shelf.Touch(node);
        RecordMark mark = node.Value.Marks[seq % PageShelf.PageSize];
        return mark == default ? null : mark;
    }

    /// <summary>Remembers.</summary>
    public void Set(long seq, RecordMark mark)
    {
        long index = seq / PageShelf.PageSize;
        if (!_pages.TryGetValue(index, out LinkedListNode<PageShelf.Page>? node))
        {
            node = shelf.Take(_pages, index);
            _pages.Add(index, node);
        }

        shelf.Touch(node);
        node.Value.Marks[seq % PageShelf.PageSize] = mark;
    }
}

/// <summary>The pages of one check, most recently used first.</summary>
internal sealed class PageShelf(int maxPages)
{
    /// <summary>Records a page.</summary>
    public const int PageSize = 512;

    private readonly LinkedList<Page> _pages = new();

    /// <summary>Notes a use.</summary>
    public void Touch(LinkedListNode<Page> node)
    {
        if (_pages.First != node)
        {
            _pages.Remove(node);
            _pages.AddFirst(node);
        }
    }

    /// <summary>A new page, in place of the one unused for longest when there are enough.</summary>
    public LinkedListNode<Page> Take(Dictionary<long, LinkedListNode<Page>> owner, long index)
    {
        if (_pages.Count >= maxPages)
        {
            Page oldest = _pages.Last!.Value;
            oldest.Owner.Remove(oldest.Index);
            _pages.RemoveLast();
        }

        return _pages.AddFirst(new Page(owner, index, new RecordMark[PageSize]));
    }

    internal sealed record Page(Dictionary<long, LinkedListNode<Page>> Owner, long Index, RecordMark[] Marks);
}
