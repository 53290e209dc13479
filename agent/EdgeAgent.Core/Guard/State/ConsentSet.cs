using System.Buffers.Binary;

namespace EdgeAgent.Core.Guard.State;

/// <summary>What a person told a client, in minutes since the Unix epoch; 0 for never.</summary>
/// <param name="Given">Consent was given last.</param>
/// <param name="Until">It ends.</param>
/// <param name="Refused">Refused or withdrawn last.</param>
/// <param name="ContractUntil">A contract runs until then: calls with a link to it need no consent.</param>
/// <param name="Appointment">Date and time the person agreed to be called at.</param>
public readonly record struct ConsentEntry(uint Given, uint Until, uint Refused, uint ContractUntil, uint Appointment)
{
    /// <summary>The latest of each.</summary>
    public ConsentEntry With(in ConsentEntry newer) => new(
        Math.Max(Given, newer.Given),
        newer.Given >= Given && newer.Until != 0 ? newer.Until : Until,
        Math.Max(Refused, newer.Refused),
        Math.Max(ContractUntil, newer.ContractUntil),
        newer.Appointment != 0 ? newer.Appointment : Appointment);

    /// <summary>Nothing in it can change a verdict any more.</summary>
    internal bool IsOver(uint now) => Refused == 0 && Math.Max(Math.Max(Until, ContractUntil), Appointment) + GuardMinutes.Day < now;
}

/// <summary>What a client was told by its persons, counted.</summary>
/// <param name="Client">Key of the client (<see cref="Policy.PolicyClient.KeyOf"/>).</param>
/// <param name="Persons">Persons with any entry.</param>
/// <param name="Consents">Those whose consent holds.</param>
/// <param name="Refusals">Those who refused or withdrew last.</param>
/// <param name="Contracts">Those whose contract runs.</param>
/// <param name="Appointments">Those with an appointment to come.</param>
public readonly record struct ConsentStats(uint Client, int Persons, int Consents, int Refusals, int Contracts, int Appointments);

/// <summary>Entries on their way to disk.</summary>
/// <param name="IsWhole">They take the place of all there are.</param>
/// <param name="Bytes">The document (<see cref="ConsentSet.TryLoad"/>).</param>
public readonly record struct ConsentDocument(bool IsWhole, byte[] Bytes);

/// <summary>
/// Consents, refusals, contracts and appointments by client and pseudonym. Bounded; not thread-safe. Document: version (1 byte), then per
/// person the client's key (4), 64 bits of the pseudonym (8) and the five times (4 each), little-endian.
/// </summary>
/// <param name="maxEntries">Persons kept; past it imports are refused.</param>
public sealed class ConsentSet(int maxEntries)
{
    private const byte Version = 1;
    private const int EntryBytes = 32;
    private const int EntriesPerDocument = 30_000; // a document stays below 1 MB

    private readonly Dictionary<(uint Client, ulong Person), ConsentEntry> _entries = [];
    private readonly HashSet<uint> _clientsWithConsent = [];
    private readonly HashSet<(uint Client, ulong Person)> _changed = [];
    private bool _isPurged;

    /// <summary>Persons kept.</summary>
    public int Count => _entries.Count;

    /// <summary>Consents of this client were imported: who is not among them has given none.</summary>
    public bool IsLoadedFor(uint client) => _clientsWithConsent.Contains(client);

    /// <summary>What is known of a person; zeros when nothing is.</summary>
    public ConsentEntry Find(uint client, ulong person) => _entries.GetValueOrDefault((client, person));

    /// <summary>Adds what became known. Adding it again changes nothing.</summary>
    /// <returns>False when the set is full.</returns>
    public bool TryAdd(uint client, ulong person, in ConsentEntry entry)
    {
        bool isKnown = _entries.TryGetValue((client, person), out ConsentEntry known);
        if (!isKnown && _entries.Count >= maxEntries)
        {
            return false;
        }

        ConsentEntry joined = known.With(entry);
        if (!isKnown || joined != known)
        {
            Put(client, person, joined);
            _changed.Add((client, person));
        }

        return true;
    }

    /// <summary>Forgets what is over; refusals stay, and so does whose consents were imported.</summary>
    /// <returns>Persons forgotten.</returns>
    public int Purge(uint now)
    {
        List<(uint, ulong)> over = [.. _entries.Where(entry => entry.Value.IsOver(now)).Select(entry => entry.Key)];
        over.ForEach(key => _entries.Remove(key));
        _isPurged |= over.Count > 0;
        return over.Count;
    }

    /// <summary>What is known, by client.</summary>
    public IReadOnlyList<ConsentStats> Stats(uint now) =>
    [
        .. _entries.GroupBy(entry => entry.Key.Client, entry => entry.Value).OrderBy(client => client.Key).Select(client => new ConsentStats(
            client.Key,
            client.Count(),
            client.Count(entry => entry.Given > entry.Refused && (entry.Until == 0 || entry.Until > now)),
            client.Count(entry => entry.Refused != 0 && entry.Refused >= entry.Given),
            client.Count(entry => entry.ContractUntil > now),
            client.Count(entry => entry.Appointment > now))),
    ];

    /// <summary>Documents of what changed since the last time; the first that is whole takes the place of all before it.</summary>
    public IReadOnlyList<ConsentDocument> TakeChanges()
    {
        if (_changed.Count == 0 && !_isPurged)
        {
            return [];
        }

        bool isWhole = _isPurged;
        (uint Client, ulong Person)[] keys = isWhole ? [.. _entries.Keys] : [.. _changed.Where(_entries.ContainsKey)];
        List<ConsentDocument> documents = [];
        foreach ((uint Client, ulong Person)[] part in keys.Chunk(EntriesPerDocument).DefaultIfEmpty([]))
        {
            documents.Add(new ConsentDocument(isWhole && documents.Count == 0, Write(part)));
        }

        _changed.Clear();
        _isPurged = false;
        return documents;
    }

    /// <summary>Puts the entries of a document into the set.</summary>
    /// <returns>False, and the set unchanged, when the bytes are no such document.</returns>
    public bool TryLoad(ReadOnlySpan<byte> document)
    {
        if (document.IsEmpty || document[0] != Version || (document.Length - 1) % EntryBytes != 0)
        {
            return false;
        }

        for (ReadOnlySpan<byte> rest = document[1..]; !rest.IsEmpty; rest = rest[EntryBytes..])
        {
            Put(
                BinaryPrimitives.ReadUInt32LittleEndian(rest),
                BinaryPrimitives.ReadUInt64LittleEndian(rest[4..]),
                new ConsentEntry(
                    BinaryPrimitives.ReadUInt32LittleEndian(rest[12..]),
                    BinaryPrimitives.ReadUInt32LittleEndian(rest[16..]),
                    BinaryPrimitives.ReadUInt32LittleEndian(rest[20..]),
                    BinaryPrimitives.ReadUInt32LittleEndian(rest[24..]),
                    BinaryPrimitives.ReadUInt32LittleEndian(rest[28..])));
        }

        return true;
    }

    /// <summary>Writes whose consents were imported: that outlives the consents themselves.</summary>
    internal void SaveClients(BinaryWriter writer)
    {
        writer.Write(_clientsWithConsent.Count);
        foreach (uint client in _clientsWithConsent)
        {
            writer.Write(client);
        }
    }

    /// <summary>Reads what <see cref="SaveClients"/> wrote.</summary>
    internal void LoadClients(BinaryReader reader)
    {
        for (int count = reader.ReadInt32(); count > 0; count--)
        {
            _clientsWithConsent.Add(reader.ReadUInt32());
        }
    }

    private void Put(uint client, ulong person, in ConsentEntry entry)
    {
        _entries[(client, person)] = entry;
        if (entry.Given != 0)
        {
            _clientsWithConsent.Add(client);
        }
    }

    private byte[] Write((uint Client, ulong Person)[] keys)
    {
        byte[] document = new byte[1 + (keys.Length * EntryBytes)];
        document[0] = Version;
        for (int i = 0; i < keys.Length; i++)
        {
            Span<byte> place = document.AsSpan(1 + (i * EntryBytes));
            ConsentEntry entry = _entries[keys[i]];
            BinaryPrimitives.WriteUInt32LittleEndian(place, keys[i].Client);
            BinaryPrimitives.WriteUInt64LittleEndian(place[4..], keys[i].Person);
            BinaryPrimitives.WriteUInt32LittleEndian(place[12..], entry.Given);
            BinaryPrimitives.WriteUInt32LittleEndian(place[16..], entry.Until);
            BinaryPrimitives.WriteUInt32LittleEndian(place[20..], entry.Refused);
            BinaryPrimitives.WriteUInt32LittleEndian(place[24..], entry.ContractUntil);
            BinaryPrimitives.WriteUInt32LittleEndian(place[28..], entry.Appointment);
        }

        return document;
    }
}
