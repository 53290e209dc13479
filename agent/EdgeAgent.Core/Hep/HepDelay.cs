using System.Buffers;
using EdgeAgent.Core.Packets;

namespace EdgeAgent.Core.Hep;

/// <summary>A SIP message that waits to be told from what the wire shows.</summary>
/// <param name="Buffer">Rented array.</param>
/// <param name="Length">Bytes used of it.</param>
/// <param name="Source">Sender of the message.</param>
/// <param name="Destination">Receiver of the message.</param>
/// <param name="At">Its time on the agent's clock.</param>
internal readonly record struct DelayedMessage(byte[] Buffer, int Length, IpEndpoint Source, IpEndpoint Destination, DateTimeOffset At)
{
    public ReadOnlySpan<byte> Bytes => Buffer.AsSpan(0, Length);

    public void Return() => ArrayPool<byte>.Shared.Return(Buffer);
}

/// <summary>
/// Holds back what a PBX hands over until the wire has had its chance to show it: a message seen in both ways counts with the time of the
/// wire. A PBX hands a request over before it sends it, in captures of Asterisk by up to 232 ms. Bounded; not thread-safe.
/// </summary>
internal sealed class HepDelay
{
    /// <summary>Longer than any copy was ahead of its message.</summary>
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(300);

    /// <summary>How long a message of the wire is remembered, for copies that come late.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(2);

    private const int MaxHeld = 8_192;
    private const long MaxHeldBytes = 16 * 1_048_576;
    private const int MaxRemembered = 65_536;

    private readonly Queue<DelayedMessage> _held = new();
    private readonly RecentTimes<ulong> _wire = new(Memory, MaxRemembered);
    private long _heldBytes;

    /// <summary>A message was handed over once: what the wire shows must be remembered.</summary>
    public bool IsInUse { get; private set; }

    /// <summary>When the next message may go; the end of time when none waits.</summary>
    public DateTimeOffset DueAt => _held.TryPeek(out DelayedMessage first) ? first.At + Delay : DateTimeOffset.MaxValue;

    /// <summary>No more may be held.</summary>
    public bool IsFull => _held.Count >= MaxHeld || _heldBytes >= MaxHeldBytes;

    public void Hold(ReadOnlySpan<byte> message, IpEndpoint source, IpEndpoint destination, DateTimeOffset at)
    {
        IsInUse = true;
        byte[] copy = ArrayPool<byte>.Shared.Rent(message.Length);
        message.CopyTo(copy);
        _heldBytes += copy.Length;
        _held.Enqueue(new DelayedMessage(copy, message.Length, source, destination, at));
    }

    /// <summary>The message that waits longest; the taker returns its array.</summary>
    public bool TryTake(out DelayedMessage message)
    {
        if (!_held.TryDequeue(out message))
        {
            return false;
        }

        _heldBytes -= message.Buffer.Length;
        return true;
    }

    /// <summary>The wire shows a message.</summary>
    public void Remember(ulong fingerprint, DateTimeOffset at) => _wire.Note(fingerprint, at);

    /// <summary>Whether the wire showed it about then.</summary>
    public bool IsCopy(ulong fingerprint, DateTimeOffset at) => _wire.IsNear(fingerprint, at);
}
