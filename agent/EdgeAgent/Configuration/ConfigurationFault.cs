namespace EdgeAgent.Configuration;

/// <summary>How much a fault weighs.</summary>
public enum FaultSeverity
{
    /// <summary>The agent does not start (exit 78), a reload is refused.</summary>
    Error = 0,

    /// <summary>Printed and logged; the agent starts.</summary>
    Warning,
}

/// <summary>Something wrong with the configuration. Never holds a secret.</summary>
/// <param name="Key">Path such as <c>trunks[1].hosts[0]</c>; empty for the file as a whole.</param>
/// <param name="Message">The value, and what is allowed.</param>
/// <param name="Origin"><c>line 12</c>, or the environment variable; null where the key is absent.</param>
/// <param name="Severity">How much it weighs.</param>
public sealed record ConfigurationFault(string Key, string Message, string? Origin = null, FaultSeverity Severity = FaultSeverity.Error)
{
    /// <summary><c>trunks[1].hosts[0] (line 12): "10.20.0.0/33" is no address, CIDR or host name</c>.</summary>
    public override string ToString()
    {
        string place = string.Join(' ', new[] { Key, Origin is null ? "" : $"({Origin})" }.Where(part => part.Length > 0));
        return place.Length > 0 ? $"{place}: {Message}" : Message;
    }
}
