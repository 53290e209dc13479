namespace EdgeAgent.Core.Metrics;

/// <summary>Why something was not observed, or not fully. In order of weight: where two hold at once, the first names the time.</summary>
public enum ObservationCause
{
    /// <summary>The agent did not run, or what it saw was not yet on disk when it was killed.</summary>
    AgentStopped = 0,
    /// <summary>The machine slept.</summary>
    Suspended,
    /// <summary>The wall clock was set: forward, the times between never came; back, they came twice.</summary>
    ClockStepped,
    /// <summary>An interface was switched off, gone or without link, or an address for HEP could take nothing.</summary>
    InterfaceDown,
    /// <summary>Signalling of a trunk passed encrypted, and none of it in clear.</summary>
    EncryptedTrunk,
    /// <summary>Of a trunk's signalling only one direction was seen.</summary>
    OneWay,
    /// <summary>A trunk was silent at a time when it never was before.</summary>
    SilentTrunk,
    /// <summary>A place where HEP is taken was silent at a time when it never was before.</summary>
    HepSilent,
    /// <summary>Kernel, interface or the agent's own queue dropped packets.</summary>
    CaptureDropping,
}

/// <summary>Names of causes in records.</summary>
public static class ObservationCauses
{
    private static readonly string[] Names = [.. Enum.GetNames<ObservationCause>().Select(name => char.ToLowerInvariant(name[0]) + name[1..])];

    /// <summary>How many causes there are.</summary>
    public static int Count => Names.Length;

    /// <summary>The cause in camelCase.</summary>
    public static string NameOf(ObservationCause cause) => Names[(int)cause];

    /// <summary>The cause of that name, null when there is none.</summary>
    public static ObservationCause? Find(string? name) => Array.IndexOf(Names, name) is int index and >= 0 ? (ObservationCause)index : null;
}
