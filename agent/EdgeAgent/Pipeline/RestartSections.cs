using EdgeAgent.Configuration;

namespace EdgeAgent.Pipeline;

/// <summary>Sections that a running agent cannot take anew.</summary>
internal static class RestartSections
{
    /// <summary>Names of such sections in which two configurations differ.</summary>
    public static IEnumerable<string> Changed(AgentOptions old, AgentOptions wanted)
    {
        if (old.AgentId != wanted.AgentId)
        {
            yield return "agentId";
        }

        if (!IsSame(old.Sources, wanted.Sources))
        {
            yield return "sources";
        }

        if (old.Mqtt != wanted.Mqtt)
        {
            yield return "mqtt";
        }

        if (!IsSame(old.Commands, wanted.Commands))
        {
            yield return "commands";
        }

        if (!IsSame(old.Store, wanted.Store))
        {
            yield return "store";
        }

        if (old.ControlSocket != wanted.ControlSocket)
        {
            yield return "controlSocket";
        }

        if (old.Numbers.Client != wanted.Numbers.Client)
        {
            yield return "numbers.client";
        }
    }

    private static bool IsSame(SourcesOptions old, SourcesOptions wanted) =>
        old.Ports.SequenceEqual(wanted.Ports)
        && old.Tunnels.SequenceEqual(wanted.Tunnels)
        && old.AnyPort == wanted.AnyPort
        && old.Hep.Listen.SequenceEqual(wanted.Hep.Listen)
        && old.Hep.Allow.SequenceEqual(wanted.Hep.Allow)
        && old.Hep.KeyFile == wanted.Hep.KeyFile
        && (old.QueuePackets, old.QueueBytes) == (wanted.QueuePackets, wanted.QueueBytes)
        && old.Live.Select(Fields).SequenceEqual(wanted.Live.Select(Fields));

    private static (string Interface, int SnapLength, int Ring, bool IsPromiscuous) Fields(LiveSourceOptions live) =>
        (live.Interface, live.SnapLengthBytes, live.RingBytes, live.Promiscuous);

    /// <summary>All but the snapshot interval, which the signalling loop takes anew.</summary>
    private static bool IsSame(StoreOptions old, StoreOptions wanted) =>
        (old.Directory, old.SigningKeyFile, old.FormerSigningKeyFile, old.QuotaBytes, old.Retention, old.MaxRecordBytes, old.PendingRows, old.AcknowledgeInterval, old.NumberTopics)
            == (wanted.Directory, wanted.SigningKeyFile, wanted.FormerSigningKeyFile, wanted.QuotaBytes, wanted.Retention, wanted.MaxRecordBytes, wanted.PendingRows, wanted.AcknowledgeInterval, wanted.NumberTopics);

    private static bool IsSame(CommandsOptions old, CommandsOptions wanted) =>
        old.PublicKeys.SequenceEqual(wanted.PublicKeys)
        && (old.TopicPrefix, old.MaxBytes, old.MaxListBytes, old.ClockSkew, old.FleetJitter, old.ReplayPerSecond, old.PingsPerMinute)
            == (wanted.TopicPrefix, wanted.MaxBytes, wanted.MaxListBytes, wanted.ClockSkew, wanted.FleetJitter, wanted.ReplayPerSecond, wanted.PingsPerMinute);
}
