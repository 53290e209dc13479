namespace EdgeAgent.Core.Evidence;

internal enum SignatureVerdict
{
    Fits = 0,
    /// <summary>No key is known yet: it is checked when one is.</summary>
    Later,
    Misfit,
}

/// <summary>
/// Keys signatures are checked with: those given, or the first one each agent states, and whichever a key of these names as its successor;
/// from then on the former one signs no more. Of records that come before their key only hash and signature are kept.
/// </summary>
internal sealed class KeyRing(IReadOnlyList<EvidenceKey> pinned, int maxWaiting) : IDisposable
{
    private readonly Dictionary<string, EvidenceKey> _first = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<EvidenceKey>> _successors = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Agent, string Key), (string Epoch, long Seq)> _ends = [];
    private readonly Dictionary<string, List<Waiting>> _waiting = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _unchecked = new(StringComparer.Ordinal);
    private int _waitingCount;

    /// <summary>True when keys were given.</summary>
    public bool IsPinned => pinned.Count > 0;

    /// <summary>Short names of the keys in use.</summary>
    public IReadOnlyList<string> Fingerprints =>
        [.. (IsPinned ? pinned : [.. _first.Values]).Concat(_successors.Values.SelectMany(keys => keys)).Select(key => key.Fingerprint)];

    /// <summary>True when a key of that name may sign for the agent.</summary>
    public bool Knows(string agent, string fingerprint) => KeysOf(agent).Any(key => key.Fingerprint == fingerprint);

    /// <summary>
    /// Takes over the key a record states, when it is the agent's first, or the successor of one that is known; gives records that came before
    /// and do not fit it.
    /// </summary>
    public IReadOnlyList<(EpochChain Chain, long Seq, string Key)> Learn(SignedRecord record)
    {
        if (record.PublicKey is null || !EvidenceKey.TryRead(record.PublicKey, out EvidenceKey? key))
        {
            return [];
        }

        if (!key!.Fits(record.Hash, record.Signature) || Knows(record.Agent, key.Fingerprint))
        {
            key.Dispose();
            return [];
        }

        if (record.Succeeds is { } word && KeysOf(record.Agent).Any(former => word.IsOf(former, record.Agent, key.Text)))
        {
            Succeed(record, word, key);
            return [];
        }

        return Learn(record.Agent, key);
    }

    /// <summary>Takes an agent's key from outside its records, when none is known yet; gives records that came before and do not fit it.</summary>
    public IReadOnlyList<(EpochChain Chain, long Seq, string Key)> Learn(string agent, EvidenceKey key)
    {
        if (IsPinned || !_first.TryAdd(agent, key))
        {
            key.Dispose();
            return [];
        }

        return Misfits(agent, key);
    }

    /// <summary>Checks a signature, or remembers it.</summary>
    public SignatureVerdict Check(SignedRecord record, EpochChain chain)
    {
        if (!IsPinned && !_first.ContainsKey(record.Agent))
        {
            Wait(record, chain);
            return SignatureVerdict.Later;
        }

        return KeysOf(record.Agent).Any(key => key.Fits(record.Hash, record.Signature) && !IsOver(record, key))
            ? SignatureVerdict.Fits
            : SignatureVerdict.Misfit;
    }

    /// <summary>Says which signatures could not be checked.</summary>
    public void Review(FindingBook book)
    {
        foreach ((string agent, List<Waiting> waiting) in _waiting)
        {
            book.Add(new Finding(
                FindingKind.Key, agent, "", 0, $"the public key of agent {agent} is not known: {waiting.Count} signatures were not checked"));
        }

        foreach ((string agent, long count) in _unchecked)
        {
            book.Add(new Finding(FindingKind.Key, agent, "", 0, $"{count} records of agent {agent} came too long before their key: their signatures were not checked"));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (EvidenceKey key in _first.Values.Concat(_successors.Values.SelectMany(keys => keys)))
        {
            key.Dispose();
        }
    }

    private IEnumerable<EvidenceKey> KeysOf(string agent)
    {
        IEnumerable<EvidenceKey> own = IsPinned ? pinned : _first.TryGetValue(agent, out EvidenceKey? first) ? [first] : [];
        return _successors.TryGetValue(agent, out List<EvidenceKey>? later) ? own.Concat(later) : own;
    }

    private void Succeed(SignedRecord record, KeySuccession word, EvidenceKey key)
    {
        if (!_successors.TryGetValue(record.Agent, out List<EvidenceKey>? later))
        {
            _successors.Add(record.Agent, later = []);
        }

        later.Add(key);
        _ends[(record.Agent, word.Former)] = (record.Epoch, record.Seq);
    }

    /// <summary>True from the record on in which the key named its successor. Epochs are ordered by their names, which begin with a time.</summary>
    private bool IsOver(SignedRecord record, EvidenceKey key) =>
        _ends.TryGetValue((record.Agent, key.Fingerprint), out (string Epoch, long Seq) end)
        && (record.Epoch == end.Epoch ? record.Seq >= end.Seq : string.CompareOrdinal(record.Epoch, end.Epoch) > 0);

    private IReadOnlyList<(EpochChain Chain, long Seq, string Key)> Misfits(string agent, EvidenceKey key)
    {
        if (!_waiting.Remove(agent, out List<Waiting>? waiting))
        {
            return [];
        }

        _waitingCount -= waiting.Count;
        return [.. waiting.Where(each => !key.Fits(each.Hash, each.Signature)).Select(each => (each.Chain, each.Seq, each.Key))];
    }

    private void Wait(SignedRecord record, EpochChain chain)
    {
        if (_waitingCount >= maxWaiting)
        {
            _unchecked[record.Agent] = _unchecked.GetValueOrDefault(record.Agent) + 1;
            return;
        }

        _waitingCount++;
        if (!_waiting.TryGetValue(record.Agent, out List<Waiting>? list))
        {
            _waiting.Add(record.Agent, list = []);
        }

        list.Add(new Waiting(chain, record.Seq, record.Hash, record.Signature.ToArray(), record.KeyFingerprint ?? ""));
    }

    private sealed record Waiting(EpochChain Chain, long Seq, RecordHash Hash, byte[] Signature, string Key);
}
