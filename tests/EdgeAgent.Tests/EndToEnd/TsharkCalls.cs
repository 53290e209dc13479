using System.Globalization;
using System.Text.Json;
using Shouldly;

namespace EdgeAgent.Tests.EndToEnd;

/// <summary>How a call ended, by its Call-ID alone.</summary>
/// <param name="IsAnswered">Some initial INVITE got a 2xx.</param>
/// <param name="Status">The first 2xx, else the last final response; null when there was none.</param>
internal readonly record struct CallOutcome(bool IsAnswered, int? Status)
{
    /// <summary>What is known with one more final response: an answer stays, a refusal gives way to the next.</summary>
    public CallOutcome With(int status) => IsAnswered ? this : new CallOutcome(status < 300, status);
}

/// <summary>Calls of a capture as tshark dissects it: another reading of packets, streams and messages than the agent's.</summary>
internal static class TsharkCalls
{
    /// <summary>Calls whose initial INVITE, one without a To-tag, is in the capture. SIP quoted by ICMP is none.</summary>
    public static async Task<Dictionary<string, CallOutcome>> ReadAsync(string capture, CancellationToken cancellationToken)
    {
        ProcessRun run = await ProcessRun.RunAsync(
            "tshark",
            ["-r", capture, "-o", "tcp.desegment_tcp_streams:TRUE", "-o", "tcp.reassemble_out_of_order:TRUE",
                "-Y", "sip && !icmp && !icmpv6", "-T", "json", "-J", "sip"],
            TimeSpan.FromMinutes(2),
            cancellationToken);
        run.Output.ShouldNotBeEmpty($"{capture}: {run.Error}"); // its exit code is not 0 where the file is cut short
        using JsonDocument packets = JsonDocument.Parse(run.Output);
        Dictionary<string, CallOutcome> calls = new(StringComparer.Ordinal);
        HashSet<(string CallId, string CSeq)> invites = [];
        foreach (JsonElement packet in packets.RootElement.EnumerateArray())
        {
            // A packet has as many members of this name as messages.
            foreach (JsonProperty layer in packet.Member("_source").Member("layers").EnumerateObject())
            {
                if (layer.Name == "sip" && layer.Value.ValueKind == JsonValueKind.Object)
                {
                    Add(layer.Value, calls, invites);
                }
            }
        }

        return calls;
    }

    private static void Add(
        JsonElement message, Dictionary<string, CallOutcome> calls, HashSet<(string CallId, string CSeq)> invites)
    {
        string? callId = Find(message, "sip.Call-ID");
        string? cseq = Find(message, "sip.CSeq.seq");
        if (callId is null || cseq is null || Find(message, "sip.CSeq.method") != "INVITE")
        {
            return;
        }

        if (Find(message, "sip.Method") == "INVITE" && Find(message, "sip.to.tag") is null)
        {
            calls.TryAdd(callId, default);
            invites.Add((callId, cseq));
        }
        else if (Find(message, "sip.Status-Code") is string text && invites.Contains((callId, cseq)))
        {
            int status = int.Parse(text, CultureInfo.InvariantCulture);
            calls[callId] = status < 200 ? calls[callId] : calls[callId].With(status);
        }
    }

    /// <summary>The first field of this name, however deep it stands.</summary>
    private static string? Find(JsonElement tree, string field)
    {
        foreach (JsonProperty member in tree.EnumerateObject())
        {
            string? found = member.Value.ValueKind == JsonValueKind.Object ? Find(member.Value, field)
                : member.NameEquals(field) ? member.Value.GetString()
                : null;
            if (found is not null)
            {
                return found;
            }
        }

        return null;
    }
}
