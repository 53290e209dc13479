namespace EdgeAgent.Core.Calls;

/// <summary>
/// Transfers asked for a moment ago (RFC 3515): which call asked, who is to call whom. A ring of a fixed size that allocates nothing once it
/// is filled; when it is full the oldest is forgotten, which costs a link in a listing and no figure. Not thread-safe.
/// </summary>
/// <param name="capacity">Transfers remembered at once.</param>
/// <param name="window">How long the INVITE that follows is waited for.</param>
internal sealed class TransferMemory(int capacity, TimeSpan window)
{
    private Transfer[] _ring = [];
    private DateTimeOffset _last;
    private int _next;

    /// <summary>Transfers forgotten within the window because there were too many.</summary>
    public long Forgotten { get; private set; }

    /// <summary>Whether any transfer may still be followed.</summary>
    public bool IsInUse(DateTimeOffset now) => _ring.Length > 0 && now - _last <= window;

    /// <summary>Remembers a transfer; a copy of its REFER changes nothing.</summary>
    /// <param name="call">The call inside which it was asked.</param>
    /// <param name="doer">Host that is to place the call.</param>
    /// <param name="target">Whom it is to call, see <see cref="IPartyReader.CalledBy"/>.</param>
    /// <param name="replaced">Hash of the Call-ID it is to take over, 0 for none.</param>
    /// <param name="at">Time of the REFER.</param>
    public void Note(Call call, UInt128 doer, ulong target, ulong replaced, DateTimeOffset at)
    {
        if (_ring.Length == 0)
        {
            _ring = new Transfer[capacity];
        }

        _last = at > _last ? at : _last;
        foreach (ref Transfer known in _ring.AsSpan())
        {
            if (known.Call == call && known.Doer == doer && known.Target == target && known.Replaced == replaced)
            {
                known = known with { At = at };
                return;
            }
        }

        Forgotten += _ring[_next].Call is not null && at - _ring[_next].At <= window ? 1 : 0;
        _ring[_next] = new Transfer(call, doer, target, replaced, at);
        _next = (_next + 1) % _ring.Length;
    }

    /// <summary>The transfers of a call were refused.</summary>
    public void Forget(Call call)
    {
        foreach (ref Transfer known in _ring.AsSpan())
        {
            if (known.Call == call)
            {
                known = default;
            }
        }
    }

    /// <summary>The call that asked for an INVITE; null when none did.</summary>
    /// <param name="roles">Knows which hosts are one PBX: it may have several addresses.</param>
    /// <param name="sender">Sender of the INVITE.</param>
    /// <param name="target">Whom the INVITE calls.</param>
    /// <param name="replaced">Hash of the Call-ID it takes over, 0 for none.</param>
    /// <param name="at">Time of the INVITE.</param>
    public Call? Find(HostRoles roles, UInt128 sender, ulong target, ulong replaced, DateTimeOffset at)
    {
        Transfer newest = default;
        foreach (Transfer known in _ring)
        {
            bool isAsked = (replaced != 0 && known.Replaced == replaced)
                || (target != 0 && known.Target == target
                    && (known.Doer == sender || (roles.IsLocal(known.Doer) && roles.IsLocal(sender))));
            if (known.Call is not null && isAsked && at - known.At <= window && (newest.Call is null || known.At > newest.At))
            {
                newest = known;
            }
        }

        return newest.Call;
    }

    private readonly record struct Transfer(Call? Call, UInt128 Doer, ulong Target, ulong Replaced, DateTimeOffset At);
}
