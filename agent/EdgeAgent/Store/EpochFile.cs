using System.Globalization;
using System.Text;
using EdgeAgent.Core.Evidence;

namespace EdgeAgent.Store;

/// <summary>
/// Where the journal stood, kept outside the database: an empty, missing or older database opens without error, so only this shows that
/// there was something before. One line: epoch, last record, its hash. It is never ahead of what the database has on disk.
/// </summary>
/// <param name="Epoch">Epoch of the journal.</param>
/// <param name="LastSeq">Last record known, 0 when there was none yet.</param>
/// <param name="LastHash">Its hash; null when there was none.</param>
internal sealed record EpochFile(string Epoch, long LastSeq, RecordHash? LastHash)
{
    /// <summary>Name in the store directory.</summary>
    public const string FileName = "epoch";

    private const int MaxBytes = 256;

    /// <summary>What is written in <paramref name="directory"/>; null where nothing is.</summary>
    public static EpochFile? Read(string directory)
    {
        string path = Path.Combine(directory, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        byte[] content = new byte[Math.Min(stream.Length, MaxBytes)];
        stream.ReadExactly(content);
        string[] words = Encoding.ASCII.GetString(content).Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return words switch
        {
            [string epoch, string seq, string hash]
                when long.TryParse(seq, NumberStyles.None, CultureInfo.InvariantCulture, out long last) && RecordHash.TryParse(hash, out RecordHash parsed)
                => new EpochFile(epoch, last, parsed),
            [string epoch, ..] => new EpochFile(epoch, 0, null),
            _ => null,
        };
    }

    /// <summary>Writes it; on disk when this returns.</summary>
    public void Write(string directory)
    {
        string line = LastHash is RecordHash hash
            ? string.Create(CultureInfo.InvariantCulture, $"{Epoch} {LastSeq} {hash}\n")
            : $"{Epoch}\n";
        DurableFile.Write(Path.Combine(directory, FileName), Encoding.ASCII.GetBytes(line), overwrite: true);
    }
}
