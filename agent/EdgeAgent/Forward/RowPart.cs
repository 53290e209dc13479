using System.Buffers;
using System.Text.Json;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Forward;

/// <summary>The rows of one part of a record, each as its finished JSON bytes.</summary>
internal sealed class RowPart
{
    private int _bytes;

    private RowPart()
    {
    }

    /// <summary>Rows of the interval.</summary>
    public List<byte[]> Numbers { get; } = [];

    /// <summary>Rows of totals since the epoch began.</summary>
    public List<byte[]> Perpetual { get; } = [];

    /// <summary>Shares the rows out over as few parts as hold at most <paramref name="maxBytes"/> each, in order; always at least one part.</summary>
    public static List<RowPart> Split(
        IReadOnlyList<KeyValuePair<NumberKey, NumberCounters>> numbers,
        IReadOnlyList<KeyValuePair<NumberKey, NumberCounters>> perpetual,
        int maxBytes)
    {
        List<RowPart> parts = [new RowPart()];
        Fill(parts, numbers, part => part.Numbers, maxBytes);
        Fill(parts, perpetual, part => part.Perpetual, maxBytes);
        return parts;
    }

    private static void Fill(
        List<RowPart> parts,
        IReadOnlyList<KeyValuePair<NumberKey, NumberCounters>> rows,
        Func<RowPart, List<byte[]>> listOf,
        int maxBytes)
    {
        ArrayBufferWriter<byte> output = new(512);
        using Utf8JsonWriter writer = new(output, CountersJson.Plain);
        foreach ((NumberKey key, NumberCounters counters) in rows)
        {
            output.ResetWrittenCount();
            writer.Reset();
            CountersJson.WriteRow(writer, key, counters);
            writer.Flush();
            RowPart last = parts[^1];
            if (last._bytes > 0 && last._bytes + output.WrittenCount + 1 > maxBytes)
            {
                last = new RowPart();
                parts.Add(last);
            }

            last._bytes += output.WrittenCount + 1; // the comma
            listOf(last).Add(output.WrittenSpan.ToArray());
        }
    }
}
