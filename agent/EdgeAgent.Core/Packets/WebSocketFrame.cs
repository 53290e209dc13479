using System.Buffers.Binary;
using System.Numerics;
using EdgeAgent.Core.Sip;

namespace EdgeAgent.Core.Packets;

/// <summary>Head of one WebSocket frame (RFC 6455 §5.2).</summary>
/// <param name="IsFinal">The last frame of its message.</param>
/// <param name="Opcode">0 continues a message, 1 and 2 begin one, 8 and above control the connection.</param>
/// <param name="HeadBytes">Bytes before the payload.</param>
/// <param name="PayloadBytes">Bytes of payload.</param>
/// <param name="IsCompressed">The message it begins is compressed (RFC 7692 §6).</param>
/// <param name="Mask">The masking key in the order of the wire, 0 where there is none: the one key that changes nothing.</param>
internal readonly record struct WebSocketFrame(bool IsFinal, int Opcode, bool IsCompressed, int HeadBytes, long PayloadBytes, uint Mask)
{
    /// <summary>Two bytes, a length of eight, a key of four.</summary>
    public const int MaxHeadBytes = 14;

    /// <summary>Opcode of a frame that goes on with the message begun.</summary>
    public const int Continuation = 0;

    private const int CompressedBit = 0x40;
    private const int Text = 1;
    private const int Binary = 2;
    private const int Close = 8;
    private const int Pong = 10;
    private const int MaxControlBytes = 125;

    /// <summary>Close, ping or pong: may stand between the frames of a message.</summary>
    public bool IsControl => Opcode >= Close;

    /// <summary>Head and payload in bytes.</summary>
    public long TotalBytes => HeadBytes + PayloadBytes;

    /// <summary>Reads the head of a frame; what no sender may send is refused as soon as it shows.</summary>
    /// <param name="bytes">Bytes from the beginning of a frame; <see cref="MaxHeadBytes"/> are always enough.</param>
    /// <param name="frame">Set when complete.</param>
    public static FrameResult TryRead(ReadOnlySpan<byte> bytes, out WebSocketFrame frame)
    {
        frame = default;
        if (bytes.IsEmpty)
        {
            return default;
        }

        bool isFinal = (bytes[0] & 0x80) != 0;
        bool isCompressed = (bytes[0] & 0x7F & ~CompressedBit) is Text or Binary && (bytes[0] & CompressedBit) != 0;
        int opcode = bytes[0] & (isCompressed ? 0x3F : 0x7F); // with the other reserved bits: none of them may be set
        if (opcode is not ((>= Continuation and <= Binary) or (>= Close and <= Pong)) || (opcode >= Close && !isFinal))
        {
            return FrameResult.Rejected(SipRejection.BadWebSocketFrame);
        }

        if (bytes.Length < 2)
        {
            return default;
        }

        bool isMasked = (bytes[1] & 0x80) != 0;
        int shortLength = bytes[1] & 0x7F;
        int lengthBytes = shortLength switch { 126 => 2, 127 => 8, _ => 0 };
        if (opcode >= Close && shortLength > MaxControlBytes)
        {
            return FrameResult.Rejected(SipRejection.BadWebSocketFrame);
        }

        int headBytes = 2 + lengthBytes + (isMasked ? 4 : 0);
        if (bytes.Length < headBytes)
        {
            return default;
        }

        ulong length = lengthBytes switch
        {
            2 => BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]),
            8 => BinaryPrimitives.ReadUInt64BigEndian(bytes[2..]),
            _ => (ulong)shortLength,
        };
        ulong least = lengthBytes switch { 2 => 126, 8 => ushort.MaxValue + 1, _ => 0 }; // the shortest form is the only one
        if (length < least || length > long.MaxValue - MaxHeadBytes)
        {
            return FrameResult.Rejected(SipRejection.BadWebSocketFrame);
        }

        uint mask = isMasked ? BinaryPrimitives.ReadUInt32BigEndian(bytes[(headBytes - 4)..]) : 0;
        frame = new WebSocketFrame(isFinal, opcode, isCompressed, headBytes, (long)length, mask);
        return FrameResult.Complete;
    }

    /// <summary>Takes the mask off, in place (RFC 6455 §5.3).</summary>
    /// <param name="payload">Bytes from the beginning of the frame's payload.</param>
    public void Unmask(Span<byte> payload)
    {
        uint key = Mask;
        if (key == 0)
        {
            return;
        }

        for (int i = 0; i < payload.Length; i++)
        {
            key = BitOperations.RotateLeft(key, 8);
            payload[i] ^= (byte)key;
        }
    }
}
