using System.Globalization;
using System.Text.Json;

namespace EdgeAgent.Tests.EndToEnd;

/// <summary>
/// What every view of the same traffic must agree on for one number: what sipp counted, what replay prints, what the broker
/// delivered. <c>unknownEnd</c> is not here: a call that is still up is unknown only to a capture that has ended.
/// </summary>
internal sealed class NumberSums
{
    /// <summary>Outbound attempts.</summary>
    public long Attempts { get; set; }

    /// <summary>Attempts with a 2xx.</summary>
    public long Answered { get; set; }

    /// <summary>Answered attempts with a confirmed BYE.</summary>
    public long AnsweredEnded { get; set; }

    /// <summary>Inbound attempts.</summary>
    public long InboundAttempts { get; set; }

    /// <summary>Inbound attempts with a 2xx.</summary>
    public long InboundAnswered { get; set; }

    /// <summary>Seconds from the 2xx to the BYE, summed; compared with a tolerance, so not part of the text.</summary>
    public double TalkSeconds { get; set; }

    /// <summary>Outbound attempts by disposition, zeros left out.</summary>
    public SortedDictionary<string, long> Dispositions { get; } = new(StringComparer.Ordinal);

    /// <summary>Adds a row of <c>numbers</c>, as replay and minute records have it.</summary>
    public void Add(JsonElement row)
    {
        Attempts += row.CountOrZero("attempts");
        Answered += row.CountOrZero("answered");
        AnsweredEnded += row.CountOrZero("answeredEnded");
        TalkSeconds += row.TryGetProperty("talkSeconds", out JsonElement talk) ? talk.GetDouble() : 0;
        if (row.TryGetProperty("inbound", out JsonElement inbound))
        {
            InboundAttempts += inbound.CountOrZero("attempts");
            InboundAnswered += inbound.CountOrZero("answered");
        }

        if (row.TryGetProperty("dispositions", out JsonElement dispositions))
        {
            foreach ((string name, long count) in dispositions.Counts())
            {
                Count(name, count);
            }
        }
    }

    /// <summary>Counts attempts with a disposition.</summary>
    public void Count(string disposition, long count = 1) =>
        Dispositions[disposition] = Dispositions.GetValueOrDefault(disposition) + count;

    /// <summary>Every count on one line: two sums are equal when their lines are.</summary>
    public override string ToString()
    {
        IEnumerable<string> dispositions = Dispositions.Where(pair => pair.Value != 0).Select(pair => $"{pair.Key}={pair.Value}");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"attempts={Attempts} answered={Answered} ended={AnsweredEnded} " +
            $"inbound={InboundAnswered}/{InboundAttempts} {string.Join(' ', dispositions)}");
    }

    /// <summary>Lines of all numbers that moved, ordered by number.</summary>
    public static IReadOnlyList<string> Lines(IReadOnlyDictionary<string, NumberSums> sums) =>
        [.. sums.Where(pair => pair.Value.Attempts + pair.Value.InboundAttempts > 0)
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => $"{pair.Key} {pair.Value}")];
}
