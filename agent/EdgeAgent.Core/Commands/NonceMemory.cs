namespace EdgeAgent.Core.Commands;

/// <summary>
/// Nonces of commands that were taken, until these are void anyway. Full of ones that are still valid it refuses further commands rather
/// than forget one: a forgotten nonce is a command that can be played again. Not thread-safe.
/// </summary>
/// <param name="max">Nonces held.</param>
public sealed class NonceMemory(int max)
{
    private readonly Dictionary<string, DateTimeOffset> _until = new(StringComparer.Ordinal);
    private readonly PriorityQueue<string, DateTimeOffset> _order = new();

    /// <summary>Nonces held now.</summary>
    public int Count => _until.Count;

    /// <summary>Takes a nonce.</summary>
    /// <param name="nonce">From a command whose signature is good.</param>
    /// <param name="until">From when on the command is void, tolerance included.</param>
    /// <param name="now">Wall clock.</param>
    /// <returns><see cref="CommandRefusal.None"/>, <see cref="CommandRefusal.Replayed"/> or <see cref="CommandRefusal.TooMany"/>.</returns>
    public CommandRefusal Take(string nonce, DateTimeOffset until, DateTimeOffset now)
    {
        Forget(now);
        if (_until.ContainsKey(nonce))
        {
            return CommandRefusal.Replayed;
        }

        if (_until.Count >= max)
        {
            return CommandRefusal.TooMany;
        }

        _until.Add(nonce, until);
        _order.Enqueue(nonce, until);
        return CommandRefusal.None;
    }

    private void Forget(DateTimeOffset now)
    {
        while (_order.TryPeek(out string? nonce, out DateTimeOffset until) && until < now)
        {
            _order.Dequeue();
            _until.Remove(nonce);
        }
    }
}
