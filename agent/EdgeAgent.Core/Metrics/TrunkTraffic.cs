namespace EdgeAgent.Core.Metrics;

/// <summary>What passed over one trunk in one minute; how well the trunk is seen is judged by it.</summary>
public sealed class TrunkTraffic
{
    /// <summary>SIP messages toward the trunk.</summary>
    public long Toward { get; set; }

    /// <summary>SIP messages from the trunk.</summary>
    public long From { get; set; }

    /// <summary>Segments to or from the trunk that are TLS and long enough to hold a message or a handshake.</summary>
    public long Encrypted { get; set; }

    /// <summary>First SIP message, wall clock.</summary>
    public DateTimeOffset First { get; set; }

    /// <summary>Last SIP message, wall clock.</summary>
    public DateTimeOffset Last { get; set; }

    /// <summary>SIP messages in clear.</summary>
    public long Messages => Toward + From;

    /// <summary>Counts a SIP message.</summary>
    public void Count(bool isToward, DateTimeOffset at)
    {
        First = Messages == 0 ? at : First;
        Last = at > Last ? at : Last;
        Toward += isToward ? 1 : 0;
        From += isToward ? 0 : 1;
    }

    /// <summary>Writes all of it.</summary>
    internal void Save(BinaryWriter writer)
    {
        writer.Write(Toward);
        writer.Write(From);
        writer.Write(Encrypted);
        writer.Write(First.UtcTicks);
        writer.Write(Last.UtcTicks);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    internal static TrunkTraffic Load(BinaryReader reader) => new()
    {
        Toward = reader.ReadInt64(),
        From = reader.ReadInt64(),
        Encrypted = reader.ReadInt64(),
        First = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero),
        Last = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero),
    };
}
