using System.Globalization;
using System.Text.Json;
using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Forward;
using EdgeAgent.Telemetry;

namespace EdgeAgent.Replay;

/// <summary>
/// Writes the JSON document of a replay (stable: fields are added, none is renamed). Calls come first and are written as they close, so
/// that memory does not grow with the capture.
/// </summary>
internal sealed class ReplayJson : IDisposable
{
    private const int FlushBytes = 65_536;
    private readonly Stream _output;
    private readonly Utf8JsonWriter _writer;

    /// <summary>Begins the document.</summary>
    public ReplayJson(Stream output, bool listsCalls)
    {
        _output = output;
        _writer = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true });
        _writer.WriteStartObject();
        if (listsCalls)
        {
            _writer.WriteStartArray("calls");
        }
    }

    /// <summary>Writes one call.</summary>
    public void WriteCall(CallRecord call)
    {
        _writer.WriteStartObject();
        _writer.WriteString("callId", call.CallId);
        WriteTime("start", call.Start);
        _writer.WriteString("direction", Words.Of(call.Direction));
        _writer.WriteString("number", call.Number.ToString());
        _writer.WriteString("person", call.Person);
        _writer.WriteString("trunk", call.Trunk);
        _writer.WriteString("disposition", call.Disposition is { } disposition ? Words.Of(disposition) : null);
        WriteCount("status", call.Status);
        WriteTime("answeredAt", call.AnsweredAt);
        WriteTime("endedAt", call.EndedAt);
        _writer.WriteString("endEvidence", Words.Of(call.EndEvidence));
        _writer.WriteString("hungUpBy", Words.Of(call.HungUpBy));
        WriteSeconds("ringSeconds", call.Ring);
        WriteSeconds("talkSeconds", call.Talk);
        _writer.WriteString("transferredFrom", call.TransferredFrom);
        _writer.WriteString("transferEvidence", Words.Of(call.Transfer));
        _writer.WriteString("forwardedBy", call.ForwardedBy);
        _writer.WriteEndObject();
        if (_writer.BytesPending > FlushBytes)
        {
            _writer.Flush();
        }
    }

    /// <summary>Ends the list of calls and writes everything else.</summary>
    public void WriteReport(ReplayReport report, bool listsCalls)
    {
        if (listsCalls)
        {
            _writer.WriteEndArray();
        }

        WriteCapture(report);
        WriteTotals(report);
        _writer.WriteStartArray("numbers");
        foreach ((NumberKey key, NumberCounters counters) in report.Figures.Numbers)
        {
            string number = key.ToString();
            if (report.Number is null || report.Number == number)
            {
                NumberJson.WriteRow(_writer, number, counters);
            }
        }

        _writer.WriteEndArray();
        _writer.WriteEndObject();
        _writer.Flush();
        _output.WriteByte((byte)'\n');
        _output.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    private void WriteCapture(ReplayReport report)
    {
        _writer.WriteStartObject("capture");
        WriteStrings("files", report.Files);
        _writer.WriteNumber("packets", report.Counters.Packets);
        _writer.WriteNumber("bytes", report.Counters.Bytes);
        _writer.WriteNumber("sipMessages", report.Counters.SipMessages);
        _writer.WriteNumber("retransmissions", report.Counters.Retransmissions);
        _writer.WriteStartObject("rejected");
        foreach ((string cause, long count) in report.Counters.Rejected)
        {
            _writer.WriteNumber(cause, count);
        }

        _writer.WriteEndObject();
        WriteTime("first", report.First);
        WriteTime("last", report.Last);
        WriteAssumed(report.Assumed);
        WriteQuality(report.Figures.Quality);
        _writer.WriteEndObject();
    }

    private void WriteAssumed(ReplayAssumptions assumed)
    {
        _writer.WriteStartObject("assumed");
        WriteStrings("trunks", assumed.Trunks);
        WriteStrings("ownHosts", assumed.OwnHosts);
        _writer.WriteNumber("learntPhones", assumed.LearntPhones);
        _writer.WriteNumber("learntTrunks", assumed.LearntTrunks);
        WriteStrings("identity", assumed.IdentityOrder.Select(Words.Of<IdentitySource>));
        _writer.WriteString("defaultRegion", assumed.DefaultRegion);
        _writer.WriteString("pseudonymKey", assumed.HasRunKey ? "run" : "file");
        _writer.WriteEndObject();
    }

    private void WriteQuality(CaptureQuality quality)
    {
        _writer.WriteStartObject("quality");
        _writer.WriteNumber("kernelDrops", quality.KernelDrops);
        _writer.WriteNumber("queueDrops", quality.QueueDrops);
        _writer.WriteNumber("undecodable", quality.Undecodable);
        _writer.WriteNumber("reassemblyGaps", quality.ReassemblyGaps);
        _writer.WriteNumber("fragments", quality.Fragments);
        _writer.WriteNumber("orphanResponses", quality.OrphanResponses);
        _writer.WriteNumber("orphanByes", quality.OrphanByes);
        _writer.WriteNumber("evictions", quality.Evictions);
        _writer.WriteNumber("forgotten", quality.Forgotten);
        WriteSeconds("blindSeconds", quality.Blind);
        IntervalJson.WriteHepSenders(_writer, quality);
        _writer.WriteString("confidence", Words.Of(quality.Confidence));
        _writer.WriteString("cause", quality.Cause);
        _writer.WriteEndObject();
    }

    private void WriteTotals(ReplayReport report)
    {
        NumberCounters totals = report.Figures.Totals;
        _writer.WriteStartObject("totals");
        WriteCounts(totals);
        WriteSeconds("talkSeconds", totals.Talk);
        WriteMaxima(totals, report.Figures.Traffic.ConcurrentPeak);
        _writer.WriteNumber("internal", report.Figures.Traffic.Internal);
        _writer.WriteNumber("unlistedTrunk", report.Figures.Traffic.UnlistedTrunk);
        _writer.WriteNumber("otherCalls", report.Figures.Traffic.OtherCalls);
        NumberJson.WriteGroup(_writer, "inbound", totals);
        NumberJson.WriteGroup(_writer, "dispositions", totals);
        WriteRatios(totals);
        _writer.WriteEndObject();
    }

    /// <summary>For the whole box, where they mean something; formulas in agent/DEFINITIONS.md.</summary>
    private void WriteRatios(NumberCounters totals)
    {
        _writer.WriteStartObject("ratios");
        NumberJson.WriteRatio(_writer, "asr", totals.AnswerRate());
        NumberJson.WriteRatio(_writer, "acdSeconds", totals.AcdSeconds());
        NumberJson.WriteRatio(_writer, "ner", totals.NetworkEffectiveness());
        NumberJson.WriteRatio(_writer, "ser", totals.SessionEstablishment());
        NumberJson.WriteRatio(_writer, "seer", totals.SessionEstablishmentEffectiveness());
        NumberJson.WriteRatio(_writer, "isa", totals.IneffectiveAttempts());
        _writer.WriteEndObject();
    }

    private void WriteCounts(NumberCounters counters)
    {
        _writer.WriteNumber("attempts", counters.Attempts);
        _writer.WriteNumber("humanCalls", counters.HumanCalls);
        _writer.WriteNumber("answered", counters.Answered);
        _writer.WriteNumber("answeredEnded", counters.AnsweredEnded);
        _writer.WriteNumber("unknownEnd", counters.UnknownEnd);
        _writer.WriteNumber("open", counters.Attempts - counters.Disposed);
        _writer.WriteNumber("endedByNumber", counters.EndedByNumber);
        _writer.WriteNumber("endedByPerson", counters.EndedByPerson);
        _writer.WriteNumber("forwarded", counters.Forwarded);
        _writer.WriteNumber("newCallees", counters.NewCallees);
        _writer.WriteNumber("repeatAttempts", counters.RepeatAttempts);
        _writer.WriteNumber("unknownCallees", counters.UnknownCallees);
    }

    private void WriteMaxima(NumberCounters counters, long concurrentPeak)
    {
        WriteSeconds("maxTalkSeconds", counters.MaxTalk);
        WriteSeconds("maxRingSeconds", counters.MaxRing);
        WriteSeconds("maxPostDialSeconds", counters.MaxPostDial);
        _writer.WriteNumber("concurrentPeak", concurrentPeak);
    }

    private void WriteStrings(string name, IEnumerable<string> values)
    {
        _writer.WriteStartArray(name);
        foreach (string value in values)
        {
            _writer.WriteStringValue(value);
        }

        _writer.WriteEndArray();
    }

    private void WriteTime(string name, DateTimeOffset? time) =>
        _writer.WriteString(name, time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));

    private void WriteSeconds(string name, TimeSpan? span) =>
        NumberJson.WriteRatio(_writer, name, span?.TotalSeconds);

    private void WriteCount(string name, int? value)
    {
        if (value is { } number)
        {
            _writer.WriteNumber(name, number);
        }
        else
        {
            _writer.WriteNull(name);
        }
    }
}
