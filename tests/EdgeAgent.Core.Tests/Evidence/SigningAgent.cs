using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EdgeAgent.Core.Evidence;

namespace EdgeAgent.Core.Tests.Evidence;

/// <summary>Writes records as an agent does, or as whoever holds its key can.</summary>
internal sealed class SigningAgent : IDisposable
{
    public const string Agent = "pbx-1";

    private readonly ECDsa _key;
    private readonly bool _ownsKey;
    private RecordHash _previous;
    private long _seq;

    public SigningAgent(string epoch = "20260504T080000Z-0000000000000001", EpochLink? link = null, ECDsa? key = null)
    {
        _ownsKey = key is null;
        _key = key ?? ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Epoch = epoch;
        Link = link ?? EpochLink.None;
        _previous = Link.HashFor(Agent, Epoch);
        PublicKey = Convert.ToBase64String(_key.ExportSubjectPublicKeyInfo());
    }

    public string Epoch { get; }

    public EpochLink Link { get; }

    public string PublicKey { get; }

    public ECDsa Key => _key;

    /// <summary>Records in order; the one at index i has number i + 1 as long as none was dropped from a tombstone's hole.</summary>
    public List<byte[]> Records { get; } = [];

    public byte[] this[long seq] => Records[(int)seq - 1];

    public SigningAgent Minutes(int count, string figure = "1")
    {
        for (int i = 0; i < count; i++)
        {
            Add($"\"kind\":\"minute\",\"numbers\":[{{\"number\":\"+33199000001\",\"attempts\":{figure}}}]");
        }

        return this;
    }

    /// <summary>Adds a record with these members.</summary>
    public SigningAgent Add(string members)
    {
        _seq++;
        string first = _seq == 1 ? Beginning : "";
        byte[] record = Seal(string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"v\":1,\"agent\":\"{Agent}\",\"epoch\":\"{Epoch}\",\"seq\":{_seq},\"boot\":\"b\",{members},")
            + $"\"origin\":{{\"key\":\"{EvidenceKey.FingerprintOf(_key.ExportSubjectPublicKeyInfo())}\"}},{first}\"prev\":\"{_previous}\"");
        Records.Add(record);
        _previous = HashOf(record);
        return this;
    }

    public string Beginning =>
        $"\"begins\":{{\"predecessor\":{Quoted(Link.Predecessor)},\"lastSeq\":{Link.LastSeq?.ToString(CultureInfo.InvariantCulture) ?? "null"},"
        + $"\"lastHash\":{Quoted(Link.LastHash?.ToString())}}},\"publicKey\":\"{PublicKey}\",";

    public SigningAgent AddTombstone(params (long From, long To)[] holes) => Add(
        "\"kind\":\"tombstone\",\"reason\":\"quota\",\"holes\":["
        + string.Join(',', holes.Select(hole => string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"from\":{hole.From},\"to\":{hole.To},\"prev\":\"{PrevOf(this[hole.From])}\",\"hash\":\"{HashOf(this[hole.To])}\"}}")))
        + "]" + (holes.Any(hole => hole.From == 1) ? "," + Beginning.TrimEnd(',') : ""));

    public SigningAgent AddAnchor(Anchor anchor) => Add(string.Create(
        CultureInfo.InvariantCulture,
        $"\"kind\":\"minute\",\"anchor\":{{\"nonce\":\"{anchor.Nonce}\",\"at\":\"2026-05-04T08:00:00Z\",\"epoch\":\"{anchor.Epoch}\",\"seq\":{anchor.Seq},\"hash\":\"{anchor.Hash}\"}}"));

    /// <summary>What a collector that holds this record says.</summary>
    public Anchor AnchorOf(long seq) => new("nonce", DateTimeOffset.UnixEpoch, Epoch, seq, HashOf(this[seq]));

    public EpochLink LinkAfter(long seq) => new(Epoch, seq, HashOf(this[seq]));

    public static RecordHash HashOf(byte[] record) => Read(record).Hash;

    public static RecordHash PrevOf(byte[] record) => Read(record).Prev;

    public void Dispose()
    {
        if (_ownsKey)
        {
            _key.Dispose();
        }
    }

    /// <summary>Checks records against this agent's key, known from outside.</summary>
    public ChainReport Check(IEnumerable<byte[]> records)
    {
        EvidenceKey.TryRead(PublicKey, out EvidenceKey? key);
        using (key)
        {
            using RecordChain chain = new([key!]);
            foreach (byte[] record in records)
            {
                chain.Add(record, "a line");
            }

            return chain.Report();
        }
    }

    /// <summary>Signs any text.</summary>
    public byte[] Seal(string content)
    {
        ArrayBufferWriter<byte> output = new();
        output.Write(Encoding.UTF8.GetBytes(content));
        RecordSeal.Append(output, _key, RecordHash.Of(output.WrittenSpan));
        return output.WrittenSpan.ToArray();
    }

    private static SignedRecord Read(byte[] record) =>
        SignedRecord.TryRead(record, out SignedRecord? read, out string fault) ? read! : throw new InvalidOperationException(fault);

    private static string Quoted(string? text) => text is null ? "null" : $"\"{text}\"";
}

/// <summary>Runs a check over records.</summary>
internal static class Check
{
    public static ChainReport Of(params IEnumerable<byte[]> records) => Of(records, null);

    public static ChainReport Of(IEnumerable<byte[]> records, Action<RecordChain>? prepare, EvidenceLimits? limits = null)
    {
        using RecordChain chain = new(null, limits);
        prepare?.Invoke(chain);
        int line = 0;
        foreach (byte[] record in records)
        {
            chain.Add(record, $"line {++line}");
        }

        return chain.Report();
    }

    public static Finding First(this ChainReport report) => report.Findings[0];
}
