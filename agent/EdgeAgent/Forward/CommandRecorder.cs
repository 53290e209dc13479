using EdgeAgent.Core.Commands;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Store;

namespace EdgeAgent.Forward;

/// <summary>
/// Records commands as events. Anybody who may write to the topic can have commands refused, so of refusals only so many a minute get a
/// record of their own; the next one says how many it stands for. One thread at a time.
/// </summary>
internal sealed class CommandRecorder(IJournal journal, TimeProvider time)
{
    private const int RefusalsAtOnce = 20;

    private static readonly TimeSpan RefusalEvery = TimeSpan.FromSeconds(6);

    private readonly RateMeter _refusals = new(RefusalsAtOnce, RefusalEvery);
    private readonly long _begun = time.GetTimestamp();
    private long _unrecorded;

    /// <summary>Records a command that was carried out, or tried.</summary>
    public void Carried(string command, string outcome, string? cause, string? nonce, string? key) =>
        Record(command, outcome, cause, nonce, key, null);

    /// <summary>Records a refusal; false when there have been too many to record and to answer.</summary>
    public bool Refused(string command, string cause, string? nonce, string? key)
    {
        if (!_refusals.TryTake(time.GetElapsedTime(_begun)))
        {
            _unrecorded++;
            return false;
        }

        Record(command, "refused", cause, nonce, key, _unrecorded > 0 ? _unrecorded + 1 : null);
        _unrecorded = 0;
        return true;
    }

    private void Record(string command, string outcome, string? cause, string? nonce, string? key, long? count) =>
        journal.Record(new AgentEvent
        {
            Kind = AgentEventKind.Command,
            At = time.GetUtcNow(),
            Command = command,
            CommandOutcome = outcome,
            Reason = cause,
            Nonce = nonce,
            Key = key,
            Value = count,
        });
}
