using System.Text;

namespace EdgeAgent.Core.Sip;

/// <summary>The dialog an INVITE takes over (RFC 3891 §6.1), as far as its Call-ID.</summary>
public static class ReplacesHeader
{
    /// <summary>The Call-ID in a value of Replaces; empty when there is none.</summary>
    public static ReadOnlySpan<byte> CallIdOf(ReadOnlySpan<byte> value)
    {
        int semicolon = value.IndexOf((byte)';');
        return SipText.Trim(semicolon < 0 ? value : value[..semicolon]);
    }

    /// <summary>The Call-ID in the Replaces that a Refer-To URI wants in the INVITE (RFC 3891 §6.1, RFC 5589 §7.1).</summary>
    /// <param name="uri">URI with headers behind its question mark, escaped.</param>
    /// <param name="buffer">Takes the decoded value; as long as <paramref name="uri"/> is always enough.</param>
    /// <returns>A view on <paramref name="buffer"/>; empty when the URI asks for no Replaces.</returns>
    public static ReadOnlySpan<byte> CallIdIn(ReadOnlySpan<byte> uri, Span<byte> buffer)
    {
        int question = uri.IndexOf((byte)'?');
        ReadOnlySpan<byte> headers = question < 0 ? default : uri[(question + 1)..];
        foreach (Range range in headers.Split((byte)'&'))
        {
            ReadOnlySpan<byte> header = headers[range];
            int equals = header.IndexOf((byte)'=');
            if (equals > 0 && Ascii.EqualsIgnoreCase(header[..equals], "Replaces"u8))
            {
                return PercentEncoding.TryDecode(header[(equals + 1)..], buffer, out int length) ? CallIdOf(buffer[..length]) : default;
            }
        }

        return default;
    }
}
