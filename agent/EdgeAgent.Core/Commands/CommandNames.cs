using System.Collections.Frozen;

namespace EdgeAgent.Core.Commands;

/// <summary>The commands of the contract; the name is the last level of the topic.</summary>
public static class CommandNames
{
    /// <summary>Are you there? The only one that needs no signature.</summary>
    public const string Ping = "ping";

    /// <summary>Send a range of records again.</summary>
    public const string Replay = "replay";

    /// <summary>Confirm what the centre has received, in the next record.</summary>
    public const string Anchor = "anchor";

    /// <summary>Read the local configuration again.</summary>
    public const string Reload = "reload";

    /// <summary>Suspend numbers.</summary>
    public const string Suspend = "suspend";

    /// <summary>End a suspension.</summary>
    public const string Resume = "resume";

    /// <summary>Take over the register of numbers and the rules for them.</summary>
    public const string Policy = "policy";

    /// <summary>Take over reports of recipients.</summary>
    public const string Reports = "reports";

    /// <summary>In place of an agent id: the whole fleet.</summary>
    public const string Fleet = "all";

    /// <summary>Longest name in characters.</summary>
    public const int MaxLength = 32;

    private static readonly FrozenSet<string> Known = FrozenSet.Create(
        StringComparer.Ordinal, Ping, Replay, Anchor, Reload, Suspend, Resume, Policy, Reports);

    /// <summary>All of them, in the order of the contract.</summary>
    public static IReadOnlyList<string> All { get; } = [Ping, Replay, Anchor, Reload, Suspend, Resume, Policy, Reports];

    /// <summary>True for a command of the contract.</summary>
    public static bool IsKnown(string name) => Known.Contains(name);

    /// <summary>True for those that carry lists and may therefore be longer than others.</summary>
    public static bool CarriesLists(string name) => name is Policy or Reports;

    /// <summary>True for what may stand as the name of a command, known or not: safe in topics, records and logs.</summary>
    public static bool IsName(ReadOnlySpan<char> text) => text.Length is > 0 and <= MaxLength && !text.ContainsAnyExceptInRange('a', 'z');
}
