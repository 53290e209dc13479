using System.Buffers.Binary;

namespace EdgeAgent.Core.Packets;

/// <summary>
/// Puts fragmented IPv4 and IPv6 datagrams together (RFC 791 §3.2, RFC 8200 §4.5): in any order, copies allowed, overlaps refused
/// (RFC 5722). Bounded in bytes and in packet time. Not thread-safe.
/// </summary>
public sealed class FragmentReassembler
{
    private const int IPv4HeaderBytes = 20;
    private const int IPv6HeaderBytes = 40;

    private readonly FragmentLimits _limits;
    private readonly Dictionary<FragmentKey, FragmentedDatagram> _datagrams = [];
    private readonly LinkedList<FragmentedDatagram> _incomplete = new();
    private readonly LinkedList<FragmentedDatagram> _complete = new();
    private byte[] _whole = [];

    /// <summary>Builds a reassembler that holds nothing.</summary>
    public FragmentReassembler(FragmentLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        _limits = limits;
    }

    /// <summary>Fragments thrown away without their datagram having been completed.</summary>
    public long GivenUp { get; private set; }

    /// <summary>Memory held, in bytes; at most <see cref="FragmentLimits.MaxBytes"/>.</summary>
    public int Bytes { get; private set; }

    /// <summary>Takes a fragment, as the dissector found it.</summary>
    /// <param name="fragment">A fragment from its IP header on.</param>
    /// <param name="at">Packet time.</param>
    /// <param name="datagram">
    /// The whole datagram as a raw IP packet with time <paramref name="at"/>, when the result is true; its bytes are valid until the next
    /// call.
    /// </param>
    /// <returns>True when the fragment completed a datagram.</returns>
    public bool TryComplete(ReadOnlySpan<byte> fragment, DateTimeOffset at, out CapturedPacket datagram)
    {
        datagram = default;
        Expire(at);
        if (IpHeader.TryRead(fragment, fragment.Length, out IpHeader header) != DissectResult.Fragment
            || !TryGetPayload(fragment, header, out ReadOnlySpan<byte> payload))
        {
            GivenUp++;
            return false;
        }

        FragmentKey key = new(
            header.Source, header.Destination, header.Version == 4 ? header.Protocol : 0, header.Identification);
        FragmentedDatagram fragments = _datagrams.GetValueOrDefault(key) ?? Begin(key, at);
        int costBefore = fragments.Cost;
        FragmentOutcome outcome = fragments.Add(header, payload);
        if (outcome == FragmentOutcome.Contradiction && fragments.IsWhole)
        {
            // The sender uses the identification again.
            Remove(fragments);
            fragments = Begin(key, at);
            costBefore = fragments.Cost;
            outcome = fragments.Add(header, payload);
        }

        if (outcome == FragmentOutcome.Contradiction)
        {
            // Nobody can tell which of the two is true.
            Remove(fragments);
            GivenUp++;
            return false;
        }

        Bytes += fragments.Cost - costBefore;
        if (!TryMakeRoom(fragments) || outcome != FragmentOutcome.Completed)
        {
            return false;
        }

        fragments.Since = at;
        _incomplete.Remove(fragments.Place);
        _complete.AddLast(fragments.Place);
        datagram = Assemble(fragments, at);
        return true;
    }

    /// <summary>Gives up what waits for longer than allowed. A clock that stepped back ends no wait.</summary>
    public void Expire(DateTimeOffset now)
    {
        while (_incomplete.First?.Value is { } datagram && now - datagram.Since > _limits.MaxHold)
        {
            Remove(datagram);
        }

        while (_complete.First?.Value is { } datagram && now - datagram.Since > _limits.CopyWindow)
        {
            Remove(datagram);
        }
    }

    /// <summary>The capture is over: what is not whole never will be.</summary>
    public void Complete()
    {
        while ((_incomplete.First ?? _complete.First)?.Value is { } datagram)
        {
            Remove(datagram);
        }
    }

    private static bool TryGetPayload(ReadOnlySpan<byte> captured, in IpHeader header, out ReadOnlySpan<byte> payload)
    {
        int length = header.End - header.TransportAt;
        bool isWhole = length > 0
            && header.End <= captured.Length
            && (!header.HasMoreFragments || length % 8 == 0)
            && header.FragmentOffset + length <= ushort.MaxValue - IPv4HeaderBytes;
        payload = isWhole ? captured[header.TransportAt..header.End] : [];
        return isWhole;
    }

    private FragmentedDatagram Begin(in FragmentKey key, DateTimeOffset at)
    {
        FragmentedDatagram datagram = new(key) { Since = at };
        _incomplete.AddLast(datagram.Place);
        _datagrams.Add(key, datagram);
        Bytes += datagram.Cost;
        return datagram;
    }

    private void Remove(FragmentedDatagram datagram)
    {
        GivenUp += datagram.IsWhole ? 0 : datagram.Fragments;

        Bytes -= datagram.Cost;
        datagram.Clear();
        datagram.Place.List!.Remove(datagram.Place);
        _datagrams.Remove(datagram.Key);
    }

    /// <summary>Gives up the oldest, the one just added to last of all; false when it had to go too.</summary>
    private bool TryMakeRoom(FragmentedDatagram newest)
    {
        while (Bytes > _limits.MaxBytes)
        {
            LinkedListNode<FragmentedDatagram>? oldest = _complete.First ?? _incomplete.First;
            oldest = oldest == newest.Place ? newest.Place.Next : oldest;
            Remove(oldest?.Value ?? newest);
            if (oldest is null)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A plain header before the whole payload: options and other extension headers do not matter to what follows.</summary>
    private CapturedPacket Assemble(FragmentedDatagram fragments, DateTimeOffset at)
    {
        int headerBytes = fragments.Version == 4 ? IPv4HeaderBytes : IPv6HeaderBytes;
        int total = headerBytes + fragments.Length;
        if (_whole.Length < total)
        {
            _whole = new byte[Math.Max(total, 2 * _whole.Length)];
        }

        Span<byte> bytes = _whole.AsSpan(0, total);
        bytes[..headerBytes].Clear();
        if (fragments.Version == 4)
        {
            bytes[0] = 0x45;
            BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], (ushort)total);
            bytes[9] = (byte)fragments.Protocol;
            BinaryPrimitives.WriteUInt32BigEndian(bytes[12..], (uint)fragments.Key.Source);
            BinaryPrimitives.WriteUInt32BigEndian(bytes[16..], (uint)fragments.Key.Destination);
        }
        else
        {
            bytes[0] = 0x60;
            BinaryPrimitives.WriteUInt16BigEndian(bytes[4..], (ushort)fragments.Length);
            bytes[6] = (byte)fragments.Protocol;
            BinaryPrimitives.WriteUInt128BigEndian(bytes[8..], fragments.Key.Source);
            BinaryPrimitives.WriteUInt128BigEndian(bytes[24..], fragments.Key.Destination);
        }

        fragments.CopyTo(bytes[headerBytes..]);
        return new CapturedPacket(at, LinkType.Raw, _whole.AsMemory(0, total), total);
    }
}
