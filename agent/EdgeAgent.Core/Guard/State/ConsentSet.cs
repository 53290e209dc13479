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

/// <summary>Consents, refusals, contracts and appointments by client and pseudonym. Bounded; not thread-safe.</summary>
/// <param name="maxEntries">Persons kept; past it imports are refused.</param>
public sealed class ConsentSet(int maxEntries)
{
    private readonly Dictionary<(uint Client, ulong Person), ConsentEntry> _entries = [];
    private readonly HashSet<uint> _clientsWithConsent = [];

    /// <summary>Persons kept.</summary>
    public int Count => _entries.Count;

    /// <summary>Consents of this client were imported: who is not among them has given none.</summary>
    public bool IsLoadedFor(uint client) => _clientsWithConsent.Contains(client);

    /// <summary>What is known of a person; zeros when nothing is.</summary>
    public ConsentEntry Find(uint client, ulong person) => _entries.GetValueOrDefault((client, person));

    /// <summary>Adds what became known.</summary>
    /// <returns>False when the set is full.</returns>
    public bool TryAdd(uint client, ulong person, in ConsentEntry entry)
    {
        if (!_entries.TryGetValue((client, person), out ConsentEntry known) && _entries.Count >= maxEntries)
        {
            return false;
        }

        _entries[(client, person)] = known.With(entry);
        if (entry.Given != 0)
        {
            _clientsWithConsent.Add(client);
        }

        return true;
    }

    /// <summary>Forgets what is over; refusals stay.</summary>
    /// <returns>Persons forgotten.</returns>
    public int Purge(uint now)
    {
        List<(uint, ulong)> over = [.. _entries.Where(entry => entry.Value.IsOver(now)).Select(entry => entry.Key)];
        over.ForEach(key => _entries.Remove(key));
        return over.Count;
    }

    /// <summary>Writes the whole set.</summary>
    public void Save(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(_clientsWithConsent.Count);
        foreach (uint client in _clientsWithConsent)
        {
            writer.Write(client);
        }

        writer.Write(_entries.Count);
        foreach (((uint client, ulong person), ConsentEntry entry) in _entries)
        {
            writer.Write(client);
            writer.Write(person);
            writer.Write(entry.Given);
            writer.Write(entry.Until);
            writer.Write(entry.Refused);
            writer.Write(entry.ContractUntil);
            writer.Write(entry.Appointment);
        }
    }

    /// <summary>Puts back what <see cref="Save"/> wrote.</summary>
    public void Load(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        for (int count = reader.ReadInt32(); count > 0; count--)
        {
            _clientsWithConsent.Add(reader.ReadUInt32());
        }

        for (int count = reader.ReadInt32(); count > 0; count--)
        {
            (uint, ulong) key = (reader.ReadUInt32(), reader.ReadUInt64());
            _entries[key] = new ConsentEntry(
                reader.ReadUInt32(), reader.ReadUInt32(), reader.ReadUInt32(), reader.ReadUInt32(), reader.ReadUInt32());
        }
    }
}
