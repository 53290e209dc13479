namespace EdgeAgent.Core.Numbers;

/// <summary>
/// The company's side of a call, under which its counters stand: an E.164 number, or the bucket of what is no number
/// (<c>anonymous</c>, <c>unknown</c>, an account name, <c>none</c>, <c>other</c> past the cardinality limit).
/// </summary>
/// <param name="Number">The number; not a number for a bucket.</param>
/// <param name="Bucket">The bucket's name; null for a number. Interned by the table that made it.</param>
public readonly record struct NumberKey(E164Number Number, string? Bucket)
{
    /// <summary>Nothing was given as caller: From without a user and no identity header.</summary>
    public static NumberKey None { get; } = new(default, "none");

    /// <summary>Everything past the limit of distinct numbers.</summary>
    public static NumberKey Other { get; } = new(default, "other");

    /// <summary>The agent itself, where something is said of it and of no number.</summary>
    public static NumberKey Agent { get; } = new(default, "agent");

    /// <summary>A key for an E.164 number.</summary>
    public static NumberKey For(E164Number number) => new(number, null);

    /// <summary>Order for output: numbers ascending, then buckets by name.</summary>
    public static int Compare(NumberKey left, NumberKey right) =>
        left.Bucket is null && right.Bucket is null ? left.Number.CompareTo(right.Number)
        : string.CompareOrdinal(left.Bucket, right.Bucket);

    /// <inheritdoc/>
    public bool Equals(NumberKey other) => Number == other.Number && string.Equals(Bucket, other.Bucket, StringComparison.Ordinal);

    /// <summary>Of a number without the detour over a comparer of texts: every event of a call looks its number up.</summary>
    public override int GetHashCode() => Bucket is null ? Number.GetHashCode() : Bucket.GetHashCode(StringComparison.Ordinal);

    /// <summary>Writes the key.</summary>
    internal void Save(BinaryWriter writer)
    {
        writer.Write(Number.Digits);
        writer.Write(Bucket ?? "");
    }

    /// <summary>Reads a key.</summary>
    internal static NumberKey Load(BinaryReader reader)
    {
        E164Number number = new(reader.ReadUInt64());
        string bucket = reader.ReadString();
        return new NumberKey(number, number.IsNumber ? null : bucket);
    }

    /// <summary><c>+33...</c>, or the bucket's name.</summary>
    public override string ToString() => Bucket ?? Number.ToString();
}
