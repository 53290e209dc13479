using System.Text.Json;
using EdgeAgent.Core.Metrics;

namespace EdgeAgent.Forward;

/// <summary>Traffic and quality of an interval as JSON objects, zeros left out; and back.</summary>
internal static class IntervalJson
{
    /// <summary>Writes <c>"traffic":{…}</c>.</summary>
    public static void WriteTraffic(Utf8JsonWriter writer, TrafficCounters traffic)
    {
        writer.WriteStartObject("traffic");
        WriteCount(writer, "packets", traffic.Packets);
        WriteCount(writer, "sipMessages", traffic.SipMessages);
        WriteCount(writer, "retransmissions", traffic.Retransmissions);
        WriteCount(writer, "internal", traffic.Internal);
        WriteCount(writer, "unlistedTrunk", traffic.UnlistedTrunk);
        WriteCount(writer, "otherCalls", traffic.OtherCalls);
        WriteCount(writer, "concurrentPeak", traffic.ConcurrentPeak);
        writer.WriteEndObject();
    }

    /// <summary>Writes <c>"quality":{…}</c>; confidence always, its cause where it is not full.</summary>
    public static void WriteQuality(Utf8JsonWriter writer, CaptureQuality quality)
    {
        writer.WriteStartObject("quality");
        WriteCount(writer, "kernelDrops", quality.KernelDrops);
        WriteCount(writer, "queueDrops", quality.QueueDrops);
        WriteCount(writer, "undecodable", quality.Undecodable);
        WriteCount(writer, "reassemblyGaps", quality.ReassemblyGaps);
        WriteCount(writer, "fragments", quality.Fragments);
        WriteCount(writer, "orphanResponses", quality.OrphanResponses);
        WriteCount(writer, "orphanByes", quality.OrphanByes);
        WriteCount(writer, "evictions", quality.Evictions);
        WriteCount(writer, "forgotten", quality.Forgotten);
        if (quality.Blind != TimeSpan.Zero)
        {
            WriteSeconds(writer, "blindSeconds", quality.Blind);
        }

        if (quality.Degraded != TimeSpan.Zero)
        {
            WriteSeconds(writer, "degradedSeconds", quality.Degraded);
        }

        WriteHepSenders(writer, quality);
        writer.WriteString("confidence", CamelCase.Of(quality.Confidence));
        if (quality.Cause is not null)
        {
            writer.WriteString("cause", quality.Cause);
        }

        writer.WriteEndObject();
    }

    /// <summary>Writes <c>"hepSenders":[…]</c> where there are any.</summary>
    public static void WriteHepSenders(Utf8JsonWriter writer, CaptureQuality quality)
    {
        if (quality.HepOffsets.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("hepSenders");
        foreach ((string sender, TimeSpan offset) in quality.HepOffsets)
        {
            writer.WriteStartObject();
            writer.WriteString("name", sender);
            writer.WriteNumber("offsetSeconds", (decimal)offset.Ticks / TimeSpan.TicksPerSecond);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>Adds <c>traffic</c> of a record, where it has one.</summary>
    public static void AddTraffic(TrafficCounters traffic, JsonElement record)
    {
        if (record.TryGetProperty("traffic", out JsonElement written))
        {
            traffic.Packets += Count(written, "packets");
            traffic.SipMessages += Count(written, "sipMessages");
            traffic.Retransmissions += Count(written, "retransmissions");
            traffic.Internal += Count(written, "internal");
            traffic.UnlistedTrunk += Count(written, "unlistedTrunk");
            traffic.OtherCalls += Count(written, "otherCalls");
            traffic.ConcurrentPeak = Math.Max(traffic.ConcurrentPeak, Count(written, "concurrentPeak"));
        }
    }

    /// <summary>Adds <c>quality</c> of a record, where it has one.</summary>
    public static void AddQuality(CaptureQuality quality, JsonElement record)
    {
        if (!record.TryGetProperty("quality", out JsonElement written))
        {
            return;
        }

        quality.KernelDrops += Count(written, "kernelDrops");
        quality.QueueDrops += Count(written, "queueDrops");
        quality.Undecodable += Count(written, "undecodable");
        quality.ReassemblyGaps += Count(written, "reassemblyGaps");
        quality.Fragments += Count(written, "fragments");
        quality.OrphanResponses += Count(written, "orphanResponses");
        quality.OrphanByes += Count(written, "orphanByes");
        quality.Evictions += Count(written, "evictions");
        quality.Forgotten += Count(written, "forgotten");
        if (written.TryGetProperty("blindSeconds", out JsonElement blind))
        {
            quality.Blind += TimeSpan.FromTicks((long)(blind.GetDecimal() * TimeSpan.TicksPerSecond));
        }

        if (written.TryGetProperty("degradedSeconds", out JsonElement degraded))
        {
            quality.Degraded += TimeSpan.FromTicks((long)(degraded.GetDecimal() * TimeSpan.TicksPerSecond));
        }

        if (written.TryGetProperty("cause", out JsonElement name) && ObservationCauses.Find(name.GetString()) is { } cause)
        {
            bool isBlind = written.TryGetProperty("blindSeconds", out _);
            quality.Add(new CaptureQuality { BlindCause = isBlind ? cause : null, DegradedCause = isBlind ? null : cause });
        }

        if (written.TryGetProperty("hepSenders", out JsonElement senders))
        {
            foreach (JsonElement sender in senders.EnumerateArray())
            {
                quality.NoteHepOffset(
                    sender.GetProperty("name").GetString()!,
                    TimeSpan.FromTicks((long)(sender.GetProperty("offsetSeconds").GetDecimal() * TimeSpan.TicksPerSecond)));
            }
        }
    }

    /// <summary>Writes the fields of a day's coverage; raw seconds, the ratio is for the reader.</summary>
    public static void WriteCoverage(Utf8JsonWriter writer, DayCoverage coverage)
    {
        writer.WriteString("day", coverage.Day.ToString("O", System.Globalization.CultureInfo.InvariantCulture));
        WriteSeconds(writer, "legalSeconds", coverage.Legal);
        WriteSeconds(writer, "observedSeconds", coverage.Observed);
        writer.WriteStartObject("lostSeconds");
        foreach ((ObservationCause cause, TimeSpan lost) in coverage.Lost)
        {
            WriteSeconds(writer, ObservationCauses.NameOf(cause), lost);
        }

        writer.WriteEndObject();
    }

    /// <summary>Writes the fields of a comparison; every one, since here a zero says something.</summary>
    public static void WriteReconciliation(Utf8JsonWriter writer, ReconciledCalls calls)
    {
        writer.WriteNumber("calls", calls.Calls);
        writer.WriteNumber("matched", calls.Matched);
        writer.WriteNumber("missing", calls.Missing);
        writer.WriteNumber("extra", calls.Extra);
        writer.WriteNumber("blind", calls.Blind);
        writer.WriteNumber("unreadable", calls.Unreadable);
        writer.WriteNumber("share", decimal.Round((decimal)calls.Share, 6));
        writer.WriteString("fileHash", calls.FileHash);
    }

    private static void WriteSeconds(Utf8JsonWriter writer, string name, TimeSpan time) =>
        writer.WriteNumber(name, (decimal)time.Ticks / TimeSpan.TicksPerSecond);

    private static void WriteCount(Utf8JsonWriter writer, string name, long value)
    {
        if (value != 0)
        {
            writer.WriteNumber(name, value);
        }
    }

    private static long Count(JsonElement holder, string name) =>
        holder.TryGetProperty(name, out JsonElement value) ? value.GetInt64() : 0;
}
