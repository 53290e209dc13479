using System.Text;
using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Sip;

namespace EdgeAgent.Explain;

/// <summary>Listens to the call table and keeps what concerns one Call-ID, all its attempts together.</summary>
/// <param name="callId">The Call-ID asked for.</param>
internal sealed class CallStory(string callId) : ICallTrace
{
    private const int MaxNear = 10;
    private readonly byte[] _callId = Encoding.UTF8.GetBytes(callId);
    private readonly List<Call> _attempts = [];
    private readonly List<StoryEntry> _entries = [];
    private readonly SortedSet<string> _near = new(StringComparer.Ordinal);
    private StoryEntry? _open;

    /// <summary>The Call-ID asked for.</summary>
    public string CallId { get; } = callId;

    /// <summary>Everything that happened, in the order in which the engine saw it.</summary>
    public IReadOnlyList<StoryEntry> Entries => _entries;

    /// <summary>The attempts, and the hops beside the trunk, in the order in which they began.</summary>
    public IReadOnlyList<Call> Attempts => _attempts;

    /// <summary>Other Call-IDs that begin like the one asked for: whoever copied half of one finds the rest here.</summary>
    public IReadOnlyCollection<string> Near => _near;

    /// <inheritdoc/>
    public bool Follows(ReadOnlySpan<byte> callId)
    {
        if (callId.SequenceEqual(_callId))
        {
            return true;
        }

        if (callId.Length >= _callId.Length && _near.Count < MaxNear && Ascii.EqualsIgnoreCase(callId[.._callId.Length], _callId))
        {
            _near.Add(Encoding.UTF8.GetString(callId));
        }

        return false;
    }

    /// <inheritdoc/>
    public void OnMessage(in SipMessage message, IpEndpoint source, IpEndpoint destination, DateTimeOffset at) =>
        _open = new StoryEntry(
            at, new StoryMessage(source, destination, message.IsRequest, message.Method, message.StatusCode, message.CSeq));

    /// <inheritdoc/>
    public void OnStep(Call call, CallSignal signal, CallState before, CallStep step, DateTimeOffset at)
    {
        if (step.Report == CallReport.Forget || (step.State == before && step.Report == CallReport.None))
        {
            return;
        }

        StoryEntry entry = _open ?? new StoryEntry(at, null) { Attempt = NumberOf(call) };
        entry.Steps.Add(new StoryStep(
            NumberOf(call), signal, before, step.State, step.Report, call.Disposition, call.EndEvidence, call.Talk));
        if (_open is null)
        {
            _entries.Add(entry);
        }
    }

    /// <inheritdoc/>
    public void OnTaken(Call? call, bool isRepeat, CallNote note)
    {
        if (_open is not { } entry)
        {
            return;
        }

        entry.Attempt = call is null ? null : NumberOf(call);
        entry.IsRepeat = isRepeat;
        entry.Note = note;
        _entries.Add(entry);
        _open = null;
    }

    private int NumberOf(Call call)
    {
        int index = _attempts.IndexOf(call);
        if (index < 0)
        {
            index = _attempts.Count;
            _attempts.Add(call);
        }

        return index + 1;
    }
}
