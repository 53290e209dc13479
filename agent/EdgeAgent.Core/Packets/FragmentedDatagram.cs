using System.Buffers;

namespace EdgeAgent.Core.Packets;

/// <summary>What fragments belong together by: source, destination, protocol and identification (RFC 791 §3.2, RFC 8200 §4.5).</summary>
/// <param name="Source">Sender.</param>
/// <param name="Destination">Receiver.</param>
/// <param name="Protocol">IPv4 protocol; 0 for IPv6, whose later fragments may name another next header.</param>
/// <param name="Identification">16 bits for IPv4, 32 for IPv6.</param>
internal readonly record struct FragmentKey(UInt128 Source, UInt128 Destination, int Protocol, uint Identification);

/// <summary>What <see cref="FragmentedDatagram.Add"/> made of a fragment.</summary>
internal enum FragmentOutcome
{
    /// <summary>Kept; more are needed.</summary>
    Kept,
    /// <summary>Kept, and the datagram is whole.</summary>
    Completed,
    /// <summary>The very same bytes are there already.</summary>
    Copy,
    /// <summary>Overlaps another with other bytes, or contradicts the end: an attack, or another datagram of the same identification.</summary>
    Contradiction,
}

/// <summary>Fragments of one datagram, in order of their offsets.</summary>
internal sealed class FragmentedDatagram
{
    /// <summary>What the object, its list and its places in table and list cost before the first fragment.</summary>
    private const int DatagramOverhead = 512;

    /// <summary>What a rented array and its place in the list cost beside the bytes.</summary>
    private const int PieceOverhead = 64;

    private readonly List<Piece> _pieces = [];
    private int _end = -1;
    private int _bytes;

    public FragmentedDatagram(in FragmentKey key)
    {
        Key = key;
        Place = new LinkedListNode<FragmentedDatagram>(this);
    }

    public FragmentKey Key { get; }

    /// <summary>Capture time of the fragment seen first, of the completing one once <see cref="IsWhole"/>.</summary>
    public DateTimeOffset Since { get; set; }

    /// <summary>Place among the datagrams in the same condition, oldest first.</summary>
    public LinkedListNode<FragmentedDatagram> Place { get; }

    public int Fragments => _pieces.Count;

    /// <summary>Memory held, in bytes.</summary>
    public int Cost { get; private set; } = DatagramOverhead;

    /// <summary>IP version, 4 or 6, of the fragment with offset 0.</summary>
    public int Version { get; private set; }

    /// <summary>Protocol or next header that the fragment with offset 0 names; the others do not count (RFC 8200 §4.5).</summary>
    public int Protocol { get; private set; }

    /// <summary>Length of the whole payload once <see cref="IsWhole"/>, in bytes.</summary>
    public int Length => _end;

    public bool IsWhole => _end >= 0 && _bytes == _end;

    /// <param name="header">Header of the fragment.</param>
    /// <param name="payload">Its bytes, all of them.</param>
    public FragmentOutcome Add(in IpHeader header, ReadOnlySpan<byte> payload)
    {
        int offset = header.FragmentOffset;
        int index = _pieces.Count;
        while (index > 0 && _pieces[index - 1].Offset >= offset)
        {
            index--;
        }

        if (index < _pieces.Count && _pieces[index].Bytes.SequenceEqual(payload) && _pieces[index].Offset == offset)
        {
            return header.HasMoreFragments == (offset + payload.Length != _end) ? FragmentOutcome.Copy : FragmentOutcome.Contradiction;
        }

        int end = offset + payload.Length;
        bool overlaps = (index > 0 && _pieces[index - 1].End > offset) || (index < _pieces.Count && _pieces[index].Offset < end);
        bool isPastEnd = header.HasMoreFragments
            ? _end >= 0 && end >= _end
            : _end >= 0 || (_pieces.Count > 0 && _pieces[^1].End > end);
        if (overlaps || isPastEnd)
        {
            return FragmentOutcome.Contradiction;
        }

        Keep(index, offset, payload);
        if (!header.HasMoreFragments)
        {
            _end = end;
        }

        if (offset == 0)
        {
            Version = header.Version;
            Protocol = header.Protocol;
        }

        return IsWhole ? FragmentOutcome.Completed : FragmentOutcome.Kept;
    }

    /// <summary>Writes the payload, once <see cref="IsWhole"/>.</summary>
    public void CopyTo(Span<byte> destination)
    {
        foreach (Piece piece in _pieces)
        {
            piece.Bytes.CopyTo(destination[piece.Offset..]);
        }
    }

    /// <summary>Gives the memory back.</summary>
    public void Clear()
    {
        foreach (Piece piece in _pieces)
        {
            ArrayPool<byte>.Shared.Return(piece.Buffer);
        }

        _pieces.Clear();
        Cost = 0;
    }

    private void Keep(int index, int offset, ReadOnlySpan<byte> payload)
    {
        byte[] copy = ArrayPool<byte>.Shared.Rent(payload.Length);
        payload.CopyTo(copy);
        _pieces.Insert(index, new Piece(offset, copy, payload.Length));
        _bytes += payload.Length;
        Cost += copy.Length + PieceOverhead;
    }

    private readonly record struct Piece(int Offset, byte[] Buffer, int Length)
    {
        public int End => Offset + Length;

        public ReadOnlySpan<byte> Bytes => Buffer.AsSpan(0, Length);
    }
}
