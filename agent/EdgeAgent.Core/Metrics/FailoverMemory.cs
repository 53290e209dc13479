using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core.Metrics;

/// <summary>
/// Tells an attempt that goes on for one that failed a moment ago from a new call of a human: a PBX that fails over tries the next trunk at
/// once, for the same number and person. Bounded; not thread-safe.
/// </summary>
/// <param name="capacity">Failed attempts remembered at once.</param>
internal sealed class FailoverMemory(int capacity)
{
    /// <summary>PBXs fail over within milliseconds; nobody dials again that fast.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(2);

    private readonly RecentTimes<(NumberKey Number, E164Number Person)> _failed = new(Window, capacity);

    /// <summary>Failed attempts forgotten within the window because there were too many.</summary>
    public long Forgotten => _failed.Forgotten;

    /// <summary>An attempt ended as <see cref="Disposition.Failed"/>.</summary>
    public void OnFailed(NumberKey number, E164Number person, DateTimeOffset at)
    {
        if (person.IsNumber)
        {
            _failed.Note((number, person), at);
        }
    }

    /// <summary>Whether an attempt begun at <paramref name="at"/> goes on for one that failed; asked once for each attempt.</summary>
    public bool GoesOn(NumberKey number, E164Number person, DateTimeOffset at) => _failed.TakeNear((number, person), at);
}
