using System.Runtime.InteropServices;

namespace EdgeAgent.Core.Guard.State;

/// <summary>
/// The latest attempts per client and person over 30 days, for millions of persons: open addressing, 32 bytes an entry, in shards that
/// grow one by one, so that no call waits for the whole to be moved. Pseudonyms only. Not thread-safe.
/// </summary>
public sealed class AttemptTable
{
    /// <summary>How long an attempt counts: the longest window of law, 30 days of 24 hours.</summary>
    public const uint Horizon = 30 * GuardMinutes.Day;

    /// <summary>Most memory for entries, in bytes.</summary>
    public const int MaxBytes = 96_000_000;

    private const int ShardBits = 8;
    private const int EntryBytes = 32;
    private const int FirstSlots = 16;

    private readonly Entry[][] _shards = new Entry[1 << ShardBits][];
    private readonly int[] _used = new int[1 << ShardBits];
    private readonly int _maxSlots;

    /// <summary>Makes an empty table.</summary>
    /// <param name="maxBytes">Most memory for entries; past it those called longest ago are forgotten.</param>
    public AttemptTable(int maxBytes = MaxBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, EntryBytes * FirstSlots << ShardBits);
        _maxSlots = maxBytes / EntryBytes >> ShardBits;
        Array.Fill(_shards, []);
    }

    private enum Room
    {
        Enough,
        Full,
    }

    /// <summary>Persons held, those whose attempts lie behind the horizon among them until room is needed.</summary>
    public int Count => _used.Sum();

    /// <summary>Memory of entries.</summary>
    public long Bytes => _shards.Sum(shard => (long)shard.Length) * EntryBytes;

    /// <summary>Persons forgotten within the horizon because the table was full.</summary>
    public long Forgotten { get; private set; }

    /// <summary>The attempts to a person; none when unknown.</summary>
    public PersonAttempts Find(uint client, ulong person)
    {
        ulong hash = HashOf(client, person);
        Entry[] shard = _shards[hash >> (64 - ShardBits)];
        if (shard.Length == 0)
        {
            return default;
        }

        ref Entry entry = ref SlotOf(shard, hash, client, person);
        return entry.IsEmpty ? default : entry.Attempts;
    }

    /// <summary>Counts an attempt. Attempts may come in any order; those behind the horizon change nothing.</summary>
    public void Add(uint client, ulong person, uint minute)
    {
        ulong hash = HashOf(client, person);
        int index = (int)(hash >> (64 - ShardBits));
        if (RoomIn(index) == Room.Full)
        {
            MakeRoom(index, minute);
        }

        ref Entry entry = ref SlotOf(_shards[index], hash, client, person);
        if (entry.IsEmpty)
        {
            entry.Person = person;
            entry.Client = client;
            _used[index]++;
        }

        entry.Attempts.Add(minute);
    }

    /// <summary>Attempts after <paramref name="minute"/>, made while a clock was ahead, count as made in it. Goes over the whole table.</summary>
    public void SetBack(uint minute)
    {
        foreach (Entry[] shard in _shards)
        {
            for (int i = 0; i < shard.Length; i++)
            {
                shard[i].Attempts.SetBack(minute);
            }
        }
    }

    /// <summary>Every person held, in no order.</summary>
    public IEnumerable<(uint Client, ulong Person, PersonAttempts Attempts)> All()
    {
        foreach (Entry[] shard in _shards)
        {
            foreach (Entry entry in shard)
            {
                if (!entry.IsEmpty)
                {
                    yield return (entry.Client, entry.Person, entry.Attempts);
                }
            }
        }
    }

    // A pseudonym is even by itself; the mixing (MurmurHash3's finaliser) brings the client in.
    private static ulong HashOf(uint client, ulong person)
    {
        ulong hash = person ^ (client * 0x9E37_79B9_7F4A_7C15UL);
        hash = (hash ^ (hash >> 33)) * 0xFF51_AFD7_ED55_8CCDUL;
        hash = (hash ^ (hash >> 33)) * 0xC4CE_B9FE_1A85_EC53UL;
        return hash ^ (hash >> 33);
    }

    private static ref Entry SlotOf(Entry[] shard, ulong hash, uint client, ulong person)
    {
        int slot = (int)(((hash & uint.MaxValue) * (ulong)shard.Length) >> 32);
        while (!shard[slot].IsEmpty && (shard[slot].Person != person || shard[slot].Client != client))
        {
            slot = slot + 1 == shard.Length ? 0 : slot + 1;
        }

        return ref shard[slot];
    }

    private Room RoomIn(int index) => _used[index] * 5L < _shards[index].Length * 4L ? Room.Enough : Room.Full;

    /// <summary>Drops who was last called before the horizon; grows if that is not enough; forgets the oldest when it may not grow.</summary>
    private void MakeRoom(int index, uint now)
    {
        Entry[] old = _shards[index];
        uint keepFrom = now > Horizon ? now - Horizon : 1;
        int living = old.Count(entry => entry.Attempts[0] >= keepFrom);
        int slots = Math.Max(old.Length, FirstSlots);
        if (living * 2L > slots) // half full at most after the move, or the next would come soon
        {
            slots = Math.Min(slots * 2, _maxSlots);
        }

        if (living * 5L >= slots * 4L)
        {
            uint[] last = [.. old.Select(entry => entry.Attempts[0]).Where(minute => minute >= keepFrom)];
            Array.Sort(last);
            keepFrom = last[living / 16] + 1;
            int left = last.Count(minute => minute >= keepFrom);
            if (left == 0) // all of one minute: half of them, by their place
            {
                keepFrom = last[0];
                living = Math.Min(living, slots / 2);
                Forgotten += last.Length - living;
            }
            else
            {
                Forgotten += living - left;
                living = left;
            }
        }

        Entry[] moved = new Entry[slots];
        int count = 0;
        foreach (Entry entry in old)
        {
            if (entry.Attempts[0] >= keepFrom && count < living)
            {
                SlotOf(moved, HashOf(entry.Client, entry.Person), entry.Client, entry.Person) = entry;
                count++;
            }
        }

        _shards[index] = moved;
        _used[index] = count;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Entry
    {
        public ulong Person;
        public uint Client;
        public PersonAttempts Attempts;

        public readonly bool IsEmpty => Attempts[0] == 0;
    }
}
