using EdgeAgent.Core.Metrics;
using FsCheck.Xunit;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Metrics;

public sealed class HashTable64Tests
{
    [Property]
    public void Add_AnyHashes_IsASet(ulong[] hashes, byte modulus)
    {
        HashTable64 table = new(int.MaxValue);
        HashSet<ulong> expected = [];
        foreach (ulong hash in hashes.Concat(hashes.Select(hash => hash % (modulus + 1UL))))
        {
            HashTableAdd added = table.Add(hash);
            added.ShouldBe(expected.Add(hash == 0 ? 1 : hash) ? HashTableAdd.Added : HashTableAdd.Present);
        }

        table.Count.ShouldBe(expected.Count);
    }

    [Fact]
    public void Add_PastTheBound_KeepsWhatItKnows()
    {
        HashTable64 table = new(1_000);
        for (ulong hash = 1; hash <= 1_000; hash++)
        {
            table.Add(hash << 32).ShouldBe(HashTableAdd.Added);
        }

        table.Add(7).ShouldBe(HashTableAdd.Full);
        table.Add(7UL << 32).ShouldBe(HashTableAdd.Present);
    }

    [Fact]
    public void Load_WhatWasSaved_IsTheSame()
    {
        HashTable64 table = new(1_000);
        table.Add(1);
        table.Add(ulong.MaxValue);
        MemoryStream stream = new();
        table.Save(new BinaryWriter(stream));
        stream.Position = 0;
        HashTable64 loaded = new(1_000);

        loaded.Load(new BinaryReader(stream));

        loaded.Count.ShouldBe(2);
        loaded.Add(ulong.MaxValue).ShouldBe(HashTableAdd.Present);
    }
}
