using System.Text.Json;

namespace EdgeAgent.Core.Evidence;

/// <summary>What of a record matters to the chain. Figures are not looked at.</summary>
public sealed class SignedRecord
{
    /// <summary>Longest record in bytes; twice what an agent makes.</summary>
    public const int MaxBytes = 256 * 1024;

    private static readonly JsonReaderOptions Strict = new() { MaxDepth = 32 };

    private byte[] _signature = [];

    internal SignedRecord()
    {
    }

    /// <summary>Agent id.</summary>
    public string Agent { get; internal set; } = "";

    /// <summary>Journal it stands in.</summary>
    public string Epoch { get; internal set; } = "";

    /// <summary>Sequence number in the epoch, from 1.</summary>
    public long Seq { get; internal set; }

    /// <summary><c>minute</c>, <c>event</c> or <c>tombstone</c>.</summary>
    public string Kind { get; internal set; } = "";

    /// <summary>Kind of an event; null for other records.</summary>
    public string? Event { get; internal set; }

    /// <summary>Reason of an event or a tombstone.</summary>
    public string? Reason { get; internal set; }

    /// <summary>Value of an event.</summary>
    public long? Value { get; internal set; }

    /// <summary>Hash of the record before, or of the epoch's link.</summary>
    public RecordHash Prev { get; internal set; }

    /// <summary>Hash of what is signed.</summary>
    public RecordHash Hash { get; internal set; }

    /// <summary>The 64 bytes of its signature.</summary>
    public ReadOnlySpan<byte> Signature => _signature;

    /// <summary>Public key, stated in the first record under it; null otherwise.</summary>
    public string? PublicKey { get; internal set; }

    /// <summary>The former key's word for <see cref="PublicKey"/>; null when there is none.</summary>
    public KeySuccession? Succeeds { get; internal set; }

    /// <summary>Fingerprint of the key it says to be signed with; null when it says nothing.</summary>
    public string? KeyFingerprint { get; internal set; }

    /// <summary>How the epoch begins: in its first record, or in the tombstone that stands for it.</summary>
    public EpochLink? Begins { get; internal set; }

    /// <summary>The collector's word that this record confirms; null when there is none.</summary>
    public Anchor? Anchor { get; internal set; }

    /// <summary>Holes a tombstone explains.</summary>
    public IReadOnlyList<Hole> Holes { get; internal set; } = [];

    /// <summary>Reads a record.</summary>
    /// <param name="line">Its exact bytes, without line end.</param>
    /// <param name="record">The record; null when the bytes are none.</param>
    /// <param name="fault">What is wrong, as the end of a sentence.</param>
    public static bool TryRead(ReadOnlySpan<byte> line, out SignedRecord? record, out string fault)
    {
        record = null;
        if (line.Length > MaxBytes)
        {
            fault = $"is longer than {MaxBytes} bytes";
            return false;
        }

        SignedRecord read = new() { _signature = new byte[RecordSeal.SignatureBytes] };
        if (!RecordSeal.TrySplit(line, out ReadOnlySpan<byte> content, read._signature))
        {
            fault = "does not end in a signature";
            return false;
        }

        try
        {
            fault = EnvelopeReader.Read(new Utf8JsonReader(line, Strict), read);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            fault = "is no JSON object";
        }

        if (fault.Length > 0)
        {
            return false;
        }

        read.Hash = RecordHash.Of(content);
        record = read;
        return true;
    }
}
