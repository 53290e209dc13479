using System.Text;

namespace EdgeAgent.Core.Sip;

/// <summary>Remote-Party-ID of the calling party (draft-ietf-sip-privacy-04 §3.1), still what many PBXs send.</summary>
public readonly ref struct RemotePartyIdHeader
{
    private RemotePartyIdHeader(NameAddr address)
    {
        Address = address;
        _ = address.TryGetParameter("privacy"u8, out ReadOnlySpan<byte> privacy);
        _ = address.TryGetParameter("screen"u8, out ReadOnlySpan<byte> screen);
        IsWithheld = Is(privacy, "full"u8) || Is(privacy, "uri"u8);
        IsScreened = Is(screen, "yes"u8);
    }

    /// <summary>The caller.</summary>
    public NameAddr Address { get; }

    /// <summary>The number is not to be shown to the callee: <c>privacy=full</c> or <c>privacy=uri</c>.</summary>
    public bool IsWithheld { get; }

    /// <summary>A proxy has verified the number: <c>screen=yes</c>.</summary>
    public bool IsScreened { get; }

    /// <summary>Takes the first entry that names the caller: <c>party=calling</c>, or no party in a request.</summary>
    /// <param name="value">Header value of a request, a comma list.</param>
    /// <param name="header">The entry.</param>
    public static bool TryParse(ReadOnlySpan<byte> value, out RemotePartyIdHeader header)
    {
        foreach (NameAddr address in new IdentityHeader(value))
        {
            if (!address.TryGetParameter("party"u8, out ReadOnlySpan<byte> party) || Is(party, "calling"u8))
            {
                header = new RemotePartyIdHeader(address);
                return true;
            }
        }

        header = default;
        return false;
    }

    private static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) => Ascii.EqualsIgnoreCase(text, word);
}
