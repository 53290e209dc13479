using System.Buffers.Binary;

namespace EdgeAgent.Core.Guard.State;

/// <summary>Attempts to persons within one minute, as they are stored.</summary>
/// <param name="Minute">Minutes since the Unix epoch.</param>
/// <param name="Bytes">The document (<see cref="AttemptLog"/>).</param>
public readonly record struct AttemptDocument(uint Minute, byte[] Bytes);

/// <summary>
/// Attempts on their way to disk: one document a minute, written when the minute is over. Until then they are part of the saved state.
/// Document: version (1 byte), minute (4), then per attempt the client's key (4) and 64 bits of the person's pseudonym (8), little-endian.
/// Not thread-safe.
/// </summary>
/// <param name="isKept">Somebody takes the documents; false where nothing is stored, so that they do not pile up.</param>
public sealed class AttemptLog(bool isKept = true)
{
    private const byte Version = 1;
    private const int HeadBytes = 5;
    private const int AttemptBytes = 12;

    private readonly SortedDictionary<uint, List<(uint Client, ulong Person)>> _open = [];
    private uint _nextMinute = 1;

    /// <summary>Attempts of minutes not written yet.</summary>
    public int Pending => _open.Values.Sum(attempts => attempts.Count);

    /// <summary>Takes an attempt and gives the minute it is kept under: its own, or the oldest not written yet, which holds the person longer.</summary>
    public uint Add(uint client, ulong person, uint minute)
    {
        minute = Math.Max(minute, _nextMinute);
        if (!isKept)
        {
            return minute;
        }

        if (!_open.TryGetValue(minute, out List<(uint, ulong)>? attempts))
        {
            _open.Add(minute, attempts = []);
        }

        attempts.Add((client, person));
        return minute;
    }

    /// <summary>The documents of minutes before <paramref name="minute"/>; each attempt is given once, each minute too unless the clock was set back.</summary>
    public IReadOnlyList<AttemptDocument> TakeBefore(uint minute)
    {
        List<AttemptDocument> taken = [];
        while (_open.Count > 0 && _open.First() is { Key: uint oldest } first && oldest < minute)
        {
            taken.Add(new AttemptDocument(oldest, Write(oldest, first.Value)));
            _open.Remove(oldest);
        }

        _nextMinute = Math.Max(_nextMinute, minute);
        return taken;
    }

    /// <summary>The clock was set back to <paramref name="minute"/>: minutes of attempts are given out from there on once more.</summary>
    internal void SetBack(uint minute)
    {
        _nextMinute = Math.Min(_nextMinute, minute);
        while (_open.Count > 0 && _open.Last() is { Key: uint latest, Value: { } attempts } && latest > minute)
        {
            _open.Remove(latest);
            if (!_open.TryAdd(minute, attempts))
            {
                _open[minute].AddRange(attempts);
            }
        }
    }

    /// <summary>Puts the attempts of a document into a table.</summary>
    /// <returns>False, and the table unchanged, when the bytes are no such document.</returns>
    public static bool TryLoad(ReadOnlySpan<byte> document, AttemptTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (document.Length < HeadBytes || document[0] != Version || (document.Length - HeadBytes) % AttemptBytes != 0)
        {
            return false;
        }

        uint minute = BinaryPrimitives.ReadUInt32LittleEndian(document[1..]);
        if (minute == 0)
        {
            return false;
        }

        for (ReadOnlySpan<byte> rest = document[HeadBytes..]; !rest.IsEmpty; rest = rest[AttemptBytes..])
        {
            table.Add(BinaryPrimitives.ReadUInt32LittleEndian(rest), BinaryPrimitives.ReadUInt64LittleEndian(rest[4..]), minute);
        }

        return true;
    }

    /// <summary>One document of what two of the same minute hold. One that is already at the end of the other adds nothing: it was written before a fault.</summary>
    /// <param name="before">The earlier one; empty when there is none.</param>
    /// <param name="later">The later one.</param>
    public static byte[] Join(ReadOnlySpan<byte> before, ReadOnlySpan<byte> later) =>
        before.IsEmpty ? later.ToArray()
        : before[HeadBytes..].EndsWith(later[HeadBytes..]) ? before.ToArray()
        : [.. before, .. later[HeadBytes..]];

    internal void Save(BinaryWriter writer)
    {
        writer.Write(_nextMinute);
        writer.Write(_open.Count);
        foreach ((uint minute, List<(uint Client, ulong Person)> attempts) in _open)
        {
            byte[] document = Write(minute, attempts);
            writer.Write(document.Length);
            writer.Write(document);
        }
    }

    /// <summary>Puts saved attempts back, and into the table too.</summary>
    internal void Load(BinaryReader reader, AttemptTable table)
    {
        _nextMinute = reader.ReadUInt32();
        for (int count = reader.ReadInt32(); count > 0; count--)
        {
            byte[] document = reader.ReadBytes(reader.ReadInt32());
            if (!TryLoad(document, table))
            {
                throw new InvalidDataException("the saved attempts are damaged");
            }

            uint minute = BinaryPrimitives.ReadUInt32LittleEndian(document.AsSpan(1));
            List<(uint, ulong)> attempts = [];
            for (int at = HeadBytes; at < document.Length; at += AttemptBytes)
            {
                attempts.Add((BinaryPrimitives.ReadUInt32LittleEndian(document.AsSpan(at)), BinaryPrimitives.ReadUInt64LittleEndian(document.AsSpan(at + 4))));
            }

            _open.Add(minute, attempts);
        }
    }

    private static byte[] Write(uint minute, List<(uint Client, ulong Person)> attempts)
    {
        byte[] document = new byte[HeadBytes + (attempts.Count * AttemptBytes)];
        document[0] = Version;
        BinaryPrimitives.WriteUInt32LittleEndian(document.AsSpan(1), minute);
        for (int i = 0; i < attempts.Count; i++)
        {
            Span<byte> place = document.AsSpan(HeadBytes + (i * AttemptBytes));
            BinaryPrimitives.WriteUInt32LittleEndian(place, attempts[i].Client);
            BinaryPrimitives.WriteUInt64LittleEndian(place[4..], attempts[i].Person);
        }

        return document;
    }
}
