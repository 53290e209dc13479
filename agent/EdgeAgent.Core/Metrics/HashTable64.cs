namespace EdgeAgent.Core.Metrics;

/// <summary>What became of a hash.</summary>
internal enum HashTableAdd
{
    /// <summary>There is no more room.</summary>
    Full = 0,
    /// <summary>It is new.</summary>
    Added,
    /// <summary>It was there.</summary>
    Present,
}

/// <summary>A set of 64-bit hashes in one array, 9 to 18 bytes for each, a third of a <see cref="HashSet{T}"/>. Not thread-safe.</summary>
/// <param name="maxCount">Hashes held at most.</param>
internal sealed class HashTable64(int maxCount)
{
    private const int FirstSlots = 64;
    private ulong[] _slots = [];

    /// <summary>Hashes held.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a hash; 0 stands for 1.</summary>
    public HashTableAdd Add(ulong hash)
    {
        hash = hash == 0 ? 1 : hash;
        if (_slots.Length > 0 && _slots[Find(hash)] == hash)
        {
            return HashTableAdd.Present;
        }

        if (Count >= maxCount)
        {
            return HashTableAdd.Full;
        }

        if ((Count + 1) * 8L > _slots.Length * 7L)
        {
            Grow();
        }

        _slots[Find(hash)] = hash;
        Count++;
        return HashTableAdd.Added;
    }

    /// <summary>Forgets all and gives the memory back.</summary>
    public void Clear()
    {
        _slots = [];
        Count = 0;
    }

    /// <summary>Writes all hashes.</summary>
    public void Save(BinaryWriter writer)
    {
        writer.Write(Count);
        foreach (ulong hash in _slots)
        {
            if (hash != 0)
            {
                writer.Write(hash);
            }
        }
    }

    /// <summary>Adds what <see cref="Save"/> wrote, as far as there is room.</summary>
    public void Load(BinaryReader reader)
    {
        for (int count = reader.ReadInt32(); count > 0; count--)
        {
            Add(reader.ReadUInt64());
        }
    }

    /// <summary>The slot of a hash, or the empty one where it would stand.</summary>
    private int Find(ulong hash)
    {
        int mask = _slots.Length - 1;
        int slot = (int)hash & mask;
        while (_slots[slot] != 0 && _slots[slot] != hash)
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    private void Grow()
    {
        ulong[] old = _slots;
        _slots = new ulong[Math.Max(FirstSlots, old.Length * 2)];
        foreach (ulong hash in old)
        {
            if (hash != 0)
            {
                _slots[Find(hash)] = hash;
            }
        }
    }
}
