using System.Runtime.InteropServices;
using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core.Metrics;

/// <summary>Whether a number has called a person before on a day.</summary>
public enum CalleeOfDay
{
    /// <summary>The person could not be read, or no more are remembered.</summary>
    Unknown = 0,
    /// <summary>For the first time.</summary>
    New,
    /// <summary>Again.</summary>
    Known,
}

/// <summary>
/// Whom each number has called in the current civil day. Pairs of number and person are remembered as 64-bit hashes under a secret key
/// (SipHash-2-4, as no plain hash would hide a telephone number): exact until two pairs clash, which among 100,000 happens on one day in
/// three billion. Not thread-safe.
/// </summary>
public sealed class DayCallees
{
    private readonly SipHash _hash;
    private readonly HashTable64 _pairs;
    private List<ulong>? _unpaged; // null: all of them, since nobody has asked for a page yet

    /// <summary>Begins with nobody called.</summary>
    /// <param name="pseudonymiser">Gives the key.</param>
    /// <param name="maxPairs">Pairs remembered; further persons are <see cref="CalleeOfDay.Unknown"/>.</param>
    public DayCallees(PersonPseudonymiser pseudonymiser, int maxPairs)
    {
        ArgumentNullException.ThrowIfNull(pseudonymiser);
        Span<byte> key = stackalloc byte[SipHash.KeyBytes];
        pseudonymiser.DeriveKey("callees", key);
        _hash = new SipHash(key);
        _pairs = new HashTable64(maxPairs);
    }

    /// <summary>The day remembered.</summary>
    public DateOnly Day { get; private set; }

    /// <summary>Notes an attempt. A packet of the day before, come late, counts today.</summary>
    public CalleeOfDay Add(in CallParties parties, DateOnly day)
    {
        if (day > Day)
        {
            Day = day;
            _pairs.Clear();
            _unpaged?.Clear();
        }

        if (!parties.Person.IsNumber && parties.PersonText is not { Length: > 0 })
        {
            return CalleeOfDay.Unknown;
        }

        ReadOnlySpan<ulong> pair =
        [
            parties.Number.Number.Digits,
            parties.Number.Bucket is { } bucket ? _hash.Of(MemoryMarshal.AsBytes(bucket.AsSpan())) : 0,
            parties.Person.Digits,
            parties.PersonText is { } text ? OfText(text) : 0,
        ];
        ulong hash = _hash.Of(MemoryMarshal.AsBytes(pair));
        switch (_pairs.Add(hash))
        {
            case HashTableAdd.Added:
                _unpaged?.Add(hash);
                return CalleeOfDay.New;
            case HashTableAdd.Present:
                return CalleeOfDay.Known;
            default:
                return CalleeOfDay.Unknown;
        }
    }

    /// <summary>Hands out the pairs no page holds yet, once there are enough of them; all the day's the first time.</summary>
    /// <param name="minPairs">Pairs worth a page.</param>
    /// <returns>The page, to be kept until the day is over; null when there are fewer.</returns>
    internal CalleePage? TakePage(int minPairs)
    {
        _unpaged ??= [.. _pairs.All];
        if (_unpaged.Count < minPairs)
        {
            return null;
        }

        CalleePage page = new(Day, MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_unpaged)).ToArray());
        _unpaged.Clear();
        return page;
    }

    /// <summary>The pages handed out are lost: the next one holds all the day's pairs again.</summary>
    internal void ForgetPages() => _unpaged = null;

    /// <summary>Takes a page back; one of another day is passed over.</summary>
    internal void Add(CalleePage page)
    {
        if (page.Day != Day)
        {
            return;
        }

        _unpaged ??= [.. _pairs.All];
        foreach (ulong hash in MemoryMarshal.Cast<byte, ulong>(page.Pairs.Span))
        {
            _pairs.Add(hash);
        }
    }

    /// <summary>Writes the day: hashes only.</summary>
    /// <param name="writer">Target.</param>
    /// <param name="isWhole">Writes what pages hold too.</param>
    internal void Save(BinaryWriter writer, bool isWhole)
    {
        writer.Write(Day.DayNumber);
        writer.Write(_unpaged is not null);
        if (isWhole || _unpaged is null)
        {
            _pairs.Save(writer);
        }
        else
        {
            writer.Write(0);
        }

        writer.Write(_unpaged?.Count ?? 0);
        _unpaged?.ForEach(writer.Write);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    internal void Load(BinaryReader reader)
    {
        Day = DateOnly.FromDayNumber(reader.ReadInt32());
        bool hasPages = reader.ReadBoolean();
        _pairs.Load(reader);
        _unpaged = hasPages ? [] : null;
        for (int count = reader.ReadInt32(); count > 0; count--)
        {
            ulong hash = reader.ReadUInt64();
            _pairs.Add(hash);
            _unpaged?.Add(hash);
        }
    }

    /// <summary>User parts differ in case only by accident, as for pseudonyms.</summary>
    private ulong OfText(ReadOnlySpan<byte> text)
    {
        Span<byte> lower = stackalloc byte[text.Length]; // at most 64, see PartyReader
        for (int i = 0; i < text.Length; i++)
        {
            lower[i] = text[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(text[i] | 0x20) : text[i];
        }

        return _hash.Of(lower);
    }
}
