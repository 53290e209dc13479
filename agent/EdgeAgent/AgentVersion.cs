using System.Reflection;

namespace EdgeAgent;

/// <summary>Version of this executable.</summary>
internal static class AgentVersion
{
    /// <summary>As built, without the source revision: <c>0.1.0</c>.</summary>
    public static string Current { get; } =
        typeof(AgentVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? "unknown";
}
