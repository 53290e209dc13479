using System.Buffers.Binary;
using Shouldly;

namespace EdgeAgent.Tests.EndToEnd;

/// <summary>
/// Just enough of the classic capture format to cut and damage files for tests, apart from the reader under test. Only what
/// tcpdump writes on this machine: little-endian, microseconds.
/// </summary>
internal static class ClassicPcap
{
    /// <summary>Length of the header of the file.</summary>
    public const int FileHeaderBytes = 24;

    /// <summary>Length of the header of each packet.</summary>
    public const int RecordHeaderBytes = 16;

    private const uint MagicMicroseconds = 0xA1B2_C3D4;

    /// <summary>Offsets at which packet records begin.</summary>
    public static List<int> RecordOffsets(ReadOnlySpan<byte> file)
    {
        BinaryPrimitives.ReadUInt32LittleEndian(file).ShouldBe(MagicMicroseconds);
        List<int> offsets = [];
        int offset = FileHeaderBytes;
        while (offset + RecordHeaderBytes <= file.Length)
        {
            offsets.Add(offset);
            offset += RecordHeaderBytes + BinaryPrimitives.ReadInt32LittleEndian(file[(offset + 8)..]);
        }

        return offsets;
    }

    /// <summary>Copies a capture without the packets strictly between two instants.</summary>
    /// <returns>Packets left out.</returns>
    public static int CopyWithout(string source, string target, DateTimeOffset from, DateTimeOffset to) => CopyWithout(source, target, [(from, to)]);

    /// <summary>Copies a capture without the packets strictly between the two instants of any period.</summary>
    /// <returns>Packets left out.</returns>
    public static int CopyWithout(string source, string target, IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)> periods)
    {
        byte[] file = File.ReadAllBytes(source);
        List<int> offsets = RecordOffsets(file);
        using FileStream output = File.Create(target);
        output.Write(file, 0, FileHeaderBytes);
        int dropped = 0;
        for (int i = 0; i < offsets.Count; i++)
        {
            DateTimeOffset at = TimeOf(file.AsSpan(offsets[i]));
            if (periods.Any(period => at > period.From && at < period.To))
            {
                dropped++;
                continue;
            }

            int end = i + 1 < offsets.Count ? offsets[i + 1] : file.Length;
            output.Write(file, offsets[i], end - offsets[i]);
        }

        return dropped;
    }

    private static DateTimeOffset TimeOf(ReadOnlySpan<byte> record) =>
        DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadUInt32LittleEndian(record))
            .AddMicroseconds(BinaryPrimitives.ReadUInt32LittleEndian(record[4..]));
}
