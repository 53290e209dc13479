using System.Buffers;

namespace EdgeAgent.Core.Sip;

/// <summary>Percent escapes of user parts (RFC 3261 §19.1.2, RFC 3986 §2.1).</summary>
public static class PercentEncoding
{
    /// <summary>Decodes into a buffer of the caller. What is no escape (<c>%</c> without two hex digits) stays as it is.</summary>
    /// <param name="text">Text with escapes; may hold none.</param>
    /// <param name="destination">As long as <paramref name="text"/> is always enough.</param>
    /// <param name="written">Bytes written.</param>
    /// <returns>False when the buffer is too short.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> destination, out int written)
    {
        written = 0;
        while (!text.IsEmpty)
        {
            int taken = 1;
            byte value = text[0];
            if (value == (byte)'%' && text.Length > 2 && TryReadHex(text.Slice(1, 2), out byte decoded))
            {
                value = decoded;
                taken = 3;
            }

            if (written == destination.Length)
            {
                return false;
            }

            destination[written++] = value;
            text = text[taken..];
        }

        return true;
    }

    private static bool TryReadHex(ReadOnlySpan<byte> digits, out byte value)
    {
        Span<byte> single = stackalloc byte[1];
        bool isHex = Convert.FromHexString(digits, single, out _, out _) == OperationStatus.Done;
        value = single[0];
        return isHex;
    }
}
