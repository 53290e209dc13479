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
    private readonly Dictionary<string, KeyReigns> _reigns = new(StringComparer.Ordinal);
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

        bool isFirst = !IsPinned && !_first.ContainsKey(record.Agent);
        bool isKnown = Knows(record.Agent, key!.Fingerprint);
        if (!key.Fits(record.Hash, record.Signature) || !TryBegin(record, key, isFirst, isKnown))
        {
            key.Dispose();
            return [];
        }

        if (isFirst)
        {
            return Learn(record.Agent, key);
        }

        if (isKnown)
        {
            key.Dispose();
        }
        else
        {
            Succeed(record.Agent, key);
        }

        return [];
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
    /// <param name="record">The record.</param>
    /// <param name="chain">Its epoch.</param>
    /// <param name="fault">When a former key signed it: that, as the end of a sentence; null otherwise.</param>
    public SignatureVerdict Check(SignedRecord record, EpochChain chain, out string? fault)
    {
        fault = null;
        if (!IsPinned && !_first.ContainsKey(record.Agent))
        {
            Wait(record, chain);
            return SignatureVerdict.Later;
        }

        if (KeysOf(record.Agent).FirstOrDefault(key => key.Fits(record.Hash, record.Signature)) is not EvidenceKey signer)
        {
            return SignatureVerdict.Misfit;
        }

        KeyReigns reigns = ReignsOf(record.Agent);
        fault = reigns.EndOf(signer.Fingerprint, record.Epoch, record.Seq)?.Against(signer.Fingerprint);
        if (fault is not null)
        {
            return SignatureVerdict.Misfit;
        }

        reigns.Note(signer.Fingerprint, record.Epoch, record.Seq);
        return SignatureVerdict.Fits;
    }

    /// <summary>Says which signatures could not be checked, and which were made by a key that had given way.</summary>
    public void Review(FindingBook book)
    {
        foreach ((string agent, KeyReigns reigns) in _reigns)
        {
            foreach (OverdueSignature late in reigns.Overdue())
            {
                book.Add(new Finding(
                    FindingKind.Signature, agent, late.Epoch, late.Seq, late.Text));
            }
        }

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

    private KeyReigns ReignsOf(string agent)
    {
        if (!_reigns.TryGetValue(agent, out KeyReigns? reigns))
        {
            _reigns.Add(agent, reigns = new KeyReigns());
        }

        return reigns;
    }

    /// <summary>A key signs from here on when it is the first, when one that signs until now names it, or when it signs already.</summary>
    private bool TryBegin(SignedRecord record, EvidenceKey key, bool isFirst, bool isKnown)
    {
        KeyReigns reigns = ReignsOf(record.Agent);
        string? former = record.Succeeds is not { } word ? null : KeysOf(record.Agent).FirstOrDefault(other =>
            word.IsOf(other, record.Agent, key.Text) && reigns.EndOf(other.Fingerprint, record.Epoch, record.Seq) is null)?.Fingerprint;
        bool isSigning = isKnown && reigns.EndOf(key.Fingerprint, record.Epoch, record.Seq) is null;
        return (isFirst || former is not null || isSigning)
            && reigns.TryBegin(new KeyReign(key.Fingerprint, former, record.Epoch, record.Seq));
    }

    private void Succeed(string agent, EvidenceKey key)
    {
        if (!_successors.TryGetValue(agent, out List<EvidenceKey>? later))
        {
            _successors.Add(agent, later = []);
        }

        later.Add(key);
    }

    private IReadOnlyList<(EpochChain Chain, long Seq, string Key)> Misfits(string agent, EvidenceKey key)
    {
        if (!_waiting.Remove(agent, out List<Waiting>? waiting))
        {
            return [];
        }

        _waitingCount -= waiting.Count;
        ILookup<bool, Waiting> byFit = waiting.ToLookup(each => key.Fits(each.Hash, each.Signature));
        foreach (Waiting each in byFit[true])
        {
            ReignsOf(agent).Note(key.Fingerprint, each.Chain.Epoch, each.Seq);
        }

        return [.. byFit[false].Select(each => (each.Chain, each.Seq, each.Key))];
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
