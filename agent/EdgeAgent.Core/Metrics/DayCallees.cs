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
        return _pairs.Add(_hash.Of(MemoryMarshal.AsBytes(pair))) switch
        {
            HashTableAdd.Added => CalleeOfDay.New,
            HashTableAdd.Present => CalleeOfDay.Known,
            _ => CalleeOfDay.Unknown,
        };
    }

    /// <summary>Writes the day: hashes only.</summary>
    internal void Save(BinaryWriter writer)
    {
        writer.Write(Day.DayNumber);
        _pairs.Save(writer);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    internal void Load(BinaryReader reader)
    {
        Day = DateOnly.FromDayNumber(reader.ReadInt32());
        _pairs.Load(reader);
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
