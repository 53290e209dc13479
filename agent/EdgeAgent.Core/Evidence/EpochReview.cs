using System.Globalization;

namespace EdgeAgent.Core.Evidence;

/// <summary>Looks at all epochs together: holes and what explains them, anchors, and how epochs follow each other.</summary>
internal sealed class EpochReview(FindingBook book, IReadOnlyList<EpochChain> chains, IReadOnlySet<string> rolledBack)
{
    private readonly Dictionary<string, EpochChain> _byName = chains.ToDictionary(chain => chain.Epoch, StringComparer.Ordinal);

    /// <summary>Adds findings and gives a line per epoch, in order of time.</summary>
    public IReadOnlyList<EpochSummary> Run()
    {
        List<EpochSummary> summaries = [];
        foreach (EpochChain chain in chains.OrderBy(chain => chain.Epoch, StringComparer.Ordinal))
        {
            HoleReview holes = new(book, chain);
            long explained = holes.Run();
            ReviewAnchors(chain);
            if (chain.Records > 0)
            {
                ReviewLink(chain);
                summaries.Add(new EpochSummary(
                    chain.Agent, chain.Epoch, chain.Begins?.Predecessor, chain.Stretches.All[0].First, chain.Last,
                    chain.Records, chain.Copies, explained, chain.Anchored.Count == 0 ? 0 : chain.Anchored.Max));
            }
        }

        ReviewForks();
        return summaries;
    }

    private void ReviewAnchors(EpochChain chain)
    {
        foreach ((Anchor anchor, string source, _) in chain.Broken)
        {
            long good = chain.Anchored.Where(seq => seq < anchor.Seq).DefaultIfEmpty(0).Max();
            string since = good > 0 ? Text($"after record {good}, ") : "";
            Add(FindingKind.Rewritten, chain, anchor.Seq, Text($"is not the one known to {source}: {since}history up to it was rewritten"));
        }

        foreach ((Anchor anchor, string source, _) in chain.Awaited)
        {
            bool isEpochHere = chain.Records > 0;
            bool isNamed = chains.Any(other => other.Begins?.Predecessor == chain.Epoch);
            if (isEpochHere && anchor.Seq > chain.Last && !chain.IsRefused(anchor.Seq))
            {
                Add(FindingKind.Gap, chain, chain.Last + 1, Text(
                    $"is missing, and all up to {anchor.Seq}: {source} had them, here the epoch ends with {chain.Last}: the end was cut off or the store put back"));
            }
            else if (!isEpochHere && !isNamed)
            {
                book.Add(new Finding(
                    FindingKind.Epoch, chain.Agent, chain.Epoch, anchor.Seq, Text($"nothing of epoch {chain.Epoch} is here, of which {source} had record {anchor.Seq}")));
            }
        }
    }

    private void ReviewLink(EpochChain chain)
    {
        if (chain.Begins is not { Predecessor: string name } link)
        {
            return;
        }

        if (!_byName.TryGetValue(name, out EpochChain? before) || before.Records == 0)
        {
            book.Notice($"epoch {chain.Epoch} follows {name}, of which nothing is here");
            return;
        }

        if (link.LastSeq is not long last)
        {
            book.Notice($"epoch {chain.Epoch} follows {name} and does not know its end");
        }
        else if (before.Last < last)
        {
            string cause = rolledBack.Contains(chain.Epoch) ? "the store was put back" : "they were lost with the store";
            Add(FindingKind.Gap, before, before.Last + 1, Text($"is missing, and all up to {last}, with which epoch {chain.Epoch} goes on: {cause}, or they were kept from you"));
        }
        else if (link.LastHash is RecordHash hash && before.HashOf(last) is UInt128 here && here != hash.Head)
        {
            Add(FindingKind.Rewritten, before, last, Text($"is not the one with which epoch {chain.Epoch} goes on"));
        }
    }

    /// <summary>An agent has one line of epochs.</summary>
    private void ReviewForks()
    {
        foreach (IGrouping<(string Agent, string? Predecessor), EpochChain> fork in chains
            .Where(chain => chain.Begins is not null)
            .OrderBy(chain => chain.Epoch, StringComparer.Ordinal)
            .GroupBy(chain => (chain.Agent, chain.Begins!.Predecessor)))
        {
            foreach (EpochChain second in fork.Skip(1))
            {
                Add(FindingKind.Epoch, second, 1, fork.Key.Predecessor is string name
                    ? $"follows epoch {name}, which {fork.First().Epoch} follows already: the whole store was put back, or copied to another host"
                    : $"begins an epoch that follows none, although {fork.First().Epoch} was before it: the whole store was removed, or another agent has the same name");
            }
        }
    }

    private void Add(FindingKind kind, EpochChain chain, long seq, string text) =>
        book.Add(new Finding(kind, chain.Agent, chain.Epoch, seq, Text($"record {seq} of epoch {chain.Epoch} {text}")));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
