using System.Buffers;
using System.Text.Json;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Forward;
using EdgeAgent.Tests.Store;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Forward;

/// <summary>What is no sum survives being put together from records, as tombstones are.</summary>
public sealed class IntervalJsonTests
{
    [Fact]
    public void AddTraffic_OfTwoRecords_OfPeaksTheHigherStands()
    {
        TrafficCounters sum = new();
        foreach (long value in (long[])[4, 9, 2])
        {
            TrafficCounters traffic = new() { Packets = value, ConcurrentPeak = value };
            IntervalJson.AddTraffic(sum, Record(writer => IntervalJson.WriteTraffic(writer, traffic)));
        }

        (sum.Packets, sum.ConcurrentPeak).ShouldBe((15, 9));
    }

    [Fact]
    public void WriteQuality_HepSenders_AreNamedWithTheirOffset()
    {
        CaptureQuality quality = new();
        quality.NoteHepOffset("192.0.2.4#17", TimeSpan.FromSeconds(-10_800.25));

        JsonElement record = Record(writer => IntervalJson.WriteQuality(writer, quality));

        record.GetProperty("quality").GetRawText().ShouldBe(
            "{\"hepSenders\":[{\"name\":\"192.0.2.4#17\",\"offsetSeconds\":-10800.25}],\"confidence\":\"full\"}");
        CaptureQuality read = new();
        IntervalJson.AddQuality(read, record);
        read.HepOffsets.ShouldBe(quality.HepOffsets);
    }

    private static JsonElement Record(Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> output = new();
        using Utf8JsonWriter writer = new(output);
        writer.WriteStartObject();
        write(writer);
        writer.WriteEndObject();
        writer.Flush();
        return Samples.Json(output.WrittenSpan.ToArray());
    }
}
