using System.Globalization;

namespace EdgeAgent.Core.Evidence;

/// <summary>From this record on a key signs.</summary>
/// <param name="Key">Fingerprint of the key.</param>
/// <param name="Former">Fingerprint of the key it takes the place of; null where there was none.</param>
/// <param name="Epoch">Journal of the record that states it.</param>
/// <param name="Seq">Number of that record.</param>
public sealed record KeyReign(string Key, string? Former, string Epoch, long Seq)
{
    /// <summary>What is wrong with a record past it that <paramref name="former"/> signed, as the end of a sentence.</summary>
    public string Against(string former) => string.Create(
        CultureInfo.InvariantCulture, $"is signed with a former key ({former}): from record {Seq} of epoch {Epoch} on {Key} signs in its place");
}

/// <summary>A record that a key signed after another had taken its place.</summary>
/// <param name="Key">Fingerprint of the key.</param>
/// <param name="Epoch">Journal of the record.</param>
/// <param name="Seq">Its number.</param>
/// <param name="Reign">Who had taken its place.</param>
public sealed record OverdueSignature(string Key, string Epoch, long Seq, KeyReign Reign)
{
    /// <summary>A sentence that names record and key.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"record {Seq} of epoch {Epoch} {Reign.Against(Key)}");
}

/// <summary>
/// Which of one agent's keys signs from which record on. A key that gave way signs no more, unless a later record states it again. Records
/// come in any order; epochs are ordered by their names, which begin with a time. One thread at a time.
/// </summary>
public sealed class KeyReigns
{
    /// <summary>Changes of the key that are remembered at most; further ones are not taken.</summary>
    public const int Max = 256;

    private readonly List<KeyReign> _all = [];
    private readonly Dictionary<string, (string Epoch, long Seq)> _last = new(StringComparer.Ordinal);

    /// <summary>All, in the order of their records.</summary>
    public IReadOnlyList<KeyReign> All => _all;

    /// <summary>The last record that each key signed, by fingerprint.</summary>
    public IReadOnlyDictionary<string, (string Epoch, long Seq)> LastSigned => _last;

    /// <summary>Begins one; a later beginning of the same key is forgotten. False when there are too many, or the record states another key.</summary>
    public bool TryBegin(KeyReign reign)
    {
        ArgumentNullException.ThrowIfNull(reign);
        int at = _all.FindIndex(other => Compare(other, reign.Epoch, reign.Seq) >= 0);
        at = at < 0 ? _all.Count : at;
        if (at < _all.Count && Compare(_all[at], reign.Epoch, reign.Seq) == 0)
        {
            return _all[at].Key == reign.Key;
        }

        if (reign.Former is null && at > 0 && _all[at - 1].Key == reign.Key)
        {
            return true; // each epoch states the key that signs anyway
        }

        if (at < _all.Count && _all[at].Key == reign.Key && (_all[at].Former is null || _all[at].Former == reign.Former))
        {
            _all[at] = reign;
            return true;
        }

        if (_all.Count >= Max)
        {
            return false;
        }

        _all.Insert(at, reign);
        return true;
    }

    /// <summary>Who took the place of a key before a record; null when the key may sign it.</summary>
    public KeyReign? EndOf(string key, string epoch, long seq)
    {
        KeyReign? end = null;
        bool hasSigned = false;
        foreach (KeyReign reign in _all)
        {
            if (Compare(reign, epoch, seq) > 0)
            {
                break;
            }

            hasSigned |= reign.Key == key || reign.Former == key;
            end = reign.Key == key ? null : end ?? (hasSigned ? reign : null);
        }

        return end;
    }

    /// <summary>Notes that a key signed a record that was taken.</summary>
    public void Note(string key, string epoch, long seq)
    {
        if (!_last.TryGetValue(key, out (string Epoch, long Seq) last) || Compare(last.Epoch, last.Seq, epoch, seq) < 0)
        {
            _last[key] = (epoch, seq);
        }
    }

    /// <summary>Records that were taken before it was known that their key had given way: of each key the last one.</summary>
    public IEnumerable<OverdueSignature> Overdue()
    {
        foreach ((string key, (string epoch, long seq)) in _last)
        {
            if (EndOf(key, epoch, seq) is KeyReign reign)
            {
                yield return new OverdueSignature(key, epoch, seq, reign);
            }
        }
    }

    private static int Compare(KeyReign reign, string epoch, long seq) => Compare(reign.Epoch, reign.Seq, epoch, seq);

    private static int Compare(string oneEpoch, long oneSeq, string otherEpoch, long otherSeq)
    {
        int byEpoch = string.CompareOrdinal(oneEpoch, otherEpoch);
        return byEpoch != 0 ? byEpoch : oneSeq.CompareTo(otherSeq);
    }
}
