namespace EdgeAgent.Core.Evidence;

internal enum SignatureVerdict
{
    Fits = 0,
    /// <summary>No key is known yet: it is checked when one is.</summary>
    Later,
    Misfit,
}

/// <summary>
/// Keys signatures are checked with: those given, or the first one each agent states. Of records that come before their key only hash and
/// signature are kept.
/// </summary>
internal sealed class KeyRing(IReadOnlyList<EvidenceKey> pinned, int maxWaiting) : IDisposable
{
    private readonly Dictionary<string, EvidenceKey> _first = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Waiting>> _waiting = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _unchecked = new(StringComparer.Ordinal);
    private int _waitingCount;

    /// <summary>True when keys were given.</summary>
    public bool IsPinned => pinned.Count > 0;

    /// <summary>Short names of the keys in use.</summary>
    public IReadOnlyList<string> Fingerprints => [.. (IsPinned ? pinned : [.. _first.Values]).Select(key => key.Fingerprint)];

    /// <summary>True when a key of that name may sign for the agent.</summary>
    public bool Knows(string agent, string fingerprint) => IsPinned
        ? pinned.Any(key => key.Fingerprint == fingerprint)
        : _first.GetValueOrDefault(agent)?.Fingerprint == fingerprint;

    /// <summary>Takes over the key a record states, when it is the agent's first; gives records that came before and do not fit it.</summary>
    public IReadOnlyList<(EpochChain Chain, long Seq, string Key)> Learn(SignedRecord record)
    {
        if (IsPinned || record.PublicKey is null || _first.ContainsKey(record.Agent) || !EvidenceKey.TryRead(record.PublicKey, out EvidenceKey? key))
        {
            return [];
        }

        if (!key!.Fits(record.Hash, record.Signature))
        {
            key.Dispose();
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

        IEnumerable<EvidenceKey> keys = IsPinned ? pinned : [_first[record.Agent]];
        return keys.Any(key => key.Fits(record.Hash, record.Signature)) ? SignatureVerdict.Fits : SignatureVerdict.Misfit;
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
        foreach (EvidenceKey key in _first.Values)
        {
            key.Dispose();
        }
    }

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
