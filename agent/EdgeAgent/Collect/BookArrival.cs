namespace EdgeAgent.Collect;

/// <summary>A message as it came.</summary>
/// <param name="Agent">From its topic.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Payload">Its exact bytes.</param>
/// <param name="At">The collector's clock.</param>
internal sealed record BookArrival(string Agent, ArrivalKind Kind, ReadOnlyMemory<byte> Payload, DateTimeOffset At)
{
    /// <summary>Reads a topic <c>&lt;prefix&gt;/&lt;agent&gt;/…</c>; null for topics the books have no use for.</summary>
    public static BookArrival? From(string prefix, string topic, ReadOnlyMemory<byte> payload, DateTimeOffset at)
    {
        if (!topic.StartsWith(prefix + "/", StringComparison.Ordinal))
        {
            return null;
        }

        string[] levels = topic[(prefix.Length + 1)..].Split('/', 3);
        ArrivalKind? kind = levels switch
        {
            [_, "minute"] or [_, "event", _] => ArrivalKind.Record,
            [_, "status"] => ArrivalKind.Status,
            [_, "info"] => ArrivalKind.Info,
            [_, "reply", _] => ArrivalKind.Reply,
            _ => null,
        };
        return kind is null || !levels[0].All(Configuration.AgentKeys.IsIdCharacter) || levels[0].Length is 0 or > 40
            ? null
            : new BookArrival(levels[0], kind.Value, payload, at);
    }
}

/// <summary>Kinds of messages.</summary>
internal enum ArrivalKind
{
    /// <summary>A minute or an event: sequenced, chained, signed.</summary>
    Record = 0,
    /// <summary>Retained: online or not.</summary>
    Status,
    /// <summary>Retained: public key and more.</summary>
    Info,
    /// <summary>Answer to an order.</summary>
    Reply,
}
