namespace EdgeAgent.Forward;

/// <summary>One broker as the forwarder knows it from connection to connection. The forwarder's loop only.</summary>
internal sealed class KnownBroker(SessionContext context)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly ReconnectPause _pause = new(context.Timing.ShortestPause, context.Timing.LongestPause, Random.Shared);
    private readonly Queue<long> _connects = new();

    /// <summary>What its connections work with.</summary>
    public SessionContext Context => context;

    /// <summary>Longest silence; smaller than configured once the broker has asked for it.</summary>
    public TimeSpan KeepAlive { get; set; } = context.Options.KeepAlive;

    /// <summary>The connection lasted long enough to be called stable.</summary>
    /// <param name="lasted">Since the broker accepted it; null when it did not.</param>
    public bool IsStable(TimeSpan? lasted) => lasted >= context.Timing.StableAfter;

    /// <summary>What an end means in the light of those before it.</summary>
    /// <param name="end">Why the connection ended.</param>
    /// <param name="lasted">Since the broker accepted it; null when it did not.</param>
    public SessionEnd Judge(SessionEnd end, TimeSpan? lasted)
    {
        if (lasted is not null)
        {
            _connects.Enqueue(context.Time.GetTimestamp());
        }

        while (_connects.TryPeek(out long oldest) && context.Time.GetElapsedTime(oldest) > Minute)
        {
            _connects.Dequeue();
        }

        if (IsStable(lasted))
        {
            _pause.Reset();
        }

        // Two clients with one id would otherwise throw each other out for ever.
        return end.Kind == SessionEndKind.Lost && _connects.Count > context.Timing.ConnectsPerMinute
            ? new SessionEnd(
                SessionEndKind.Duplicate, $"{_connects.Count} connections within a minute: duplicate client id? ({end.Reason})")
            : end;
    }

    /// <summary>How long to wait before the next connection.</summary>
    public TimeSpan PauseAfter(SessionEnd end) =>
        end.Kind == SessionEndKind.Renew ? TimeSpan.Zero : end.IsParked ? context.Timing.ParkedPause : _pause.Next();
}
