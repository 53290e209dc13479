using System.Buffers.Binary;

namespace EdgeAgent.Core.Guard.State;

/// <summary>Attempts to persons within one minute, as they are stored.</summary>
/// <param name="Minute">Minutes since the Unix epoch.</param>
/// <param name="Bytes">The document (<see cref="AttemptLog"/>).</param>
public readonly record struct AttemptDocument(uint Minute, byte[] Bytes);

/// <summary>
/// Attempts on their way to disk: one document a minute, written when the minute is over. Until then they are part of the saved state.
/// Document: version (1 byte), minute (4), then per client its key (4), the number of its attempts (4) and of each 64 bits of the person's
/// pseudonym (8), little-endian; a client may come again. Of version 1, which is still read: per attempt the client's key and the person.
/// Not thread-safe.
/// </summary>
/// <param name="isKept">Somebody takes the documents; false where nothing is stored, so that they do not pile up.</param>
public sealed class AttemptLog(bool isKept = true)
{
    private const byte Version = 2;
    private const byte VersionOfPairs = 1;
    private const int HeadBytes = 5;
    private const int ClientBytes = 8;
    private const int PersonBytes = 8;
    private const int PairBytes = 12;

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
        if (!TryRead(document, out uint minute, out List<(uint Client, ulong Person)> attempts))
        {
            return false;
        }

        foreach ((uint client, ulong person) in attempts)
        {
            table.Add(client, person, minute);
        }

        return true;
    }

    /// <summary>One document of what two of the same minute hold. One that is already at the end of the other adds nothing: it was written before a fault.</summary>
    /// <param name="before">The earlier one; empty when there is none.</param>
    /// <param name="later">The later one.</param>
    public static byte[] Join(ReadOnlySpan<byte> before, ReadOnlySpan<byte> later) =>
        before.IsEmpty ? later.ToArray()
        : before[0] != Version && TryRead(before, out uint minute, out List<(uint, ulong)> attempts) ? Join(Write(minute, attempts), later)
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
            if (!TryRead(document, out uint minute, out List<(uint Client, ulong Person)> attempts) || !TryLoad(document, table))
            {
                throw new InvalidDataException("the saved attempts are damaged");
            }

            _open.Add(minute, attempts);
        }
    }

    private static bool TryRead(ReadOnlySpan<byte> document, out uint minute, out List<(uint Client, ulong Person)> attempts)
    {
        (minute, attempts) = (0, []);
        if (document.Length < HeadBytes || document[0] is not (Version or VersionOfPairs))
        {
            return false;
        }

        minute = BinaryPrimitives.ReadUInt32LittleEndian(document[1..]);
        ReadOnlySpan<byte> rest = document[HeadBytes..];
        bool isWhole = document[0] == Version ? TryReadClients(rest, attempts) : TryReadPairs(rest, attempts);
        return isWhole && minute != 0;
    }

    private static bool TryReadClients(ReadOnlySpan<byte> rest, List<(uint Client, ulong Person)> attempts)
    {
        while (!rest.IsEmpty)
        {
            if (rest.Length < ClientBytes)
            {
                return false;
            }

            uint client = BinaryPrimitives.ReadUInt32LittleEndian(rest);
            uint count = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            rest = rest[ClientBytes..];
            if (count > rest.Length / PersonBytes)
            {
                return false;
            }

            for (; count > 0; count--, rest = rest[PersonBytes..])
            {
                attempts.Add((client, BinaryPrimitives.ReadUInt64LittleEndian(rest)));
            }
        }

        return true;
    }

    private static bool TryReadPairs(ReadOnlySpan<byte> rest, List<(uint Client, ulong Person)> attempts)
    {
        for (; rest.Length >= PairBytes; rest = rest[PairBytes..])
        {
            attempts.Add((BinaryPrimitives.ReadUInt32LittleEndian(rest), BinaryPrimitives.ReadUInt64LittleEndian(rest[4..])));
        }

        return rest.IsEmpty;
    }

    private static byte[] Write(uint minute, List<(uint Client, ulong Person)> attempts)
    {
        IGrouping<uint, ulong>[] clients = [.. attempts.GroupBy(attempt => attempt.Client, attempt => attempt.Person)];
        byte[] document = new byte[HeadBytes + (clients.Length * ClientBytes) + (attempts.Count * PersonBytes)];
        document[0] = Version;
        BinaryPrimitives.WriteUInt32LittleEndian(document.AsSpan(1), minute);
        Span<byte> rest = document.AsSpan(HeadBytes);
        foreach (IGrouping<uint, ulong> client in clients)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(rest, client.Key);
            BinaryPrimitives.WriteInt32LittleEndian(rest[4..], client.Count());
            rest = rest[ClientBytes..];
            foreach (ulong person in client)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(rest, person);
                rest = rest[PersonBytes..];
            }
        }

        return document;
    }
}
