using System.Text;

namespace EdgeAgent.Core.Sip;

/// <summary>Who refreshes the session (RFC 4028 §4).</summary>
public enum SessionRefresher
{
    /// <summary>Not said, or neither of the two.</summary>
    Unknown = 0,

    /// <summary>The side that sent the request.</summary>
    Uac,

    /// <summary>The side that answered it.</summary>
    Uas,
}

/// <summary>Session-Expires (RFC 4028 §4): without a refresh within the interval the call is over.</summary>
public readonly ref struct SessionExpiresHeader
{
    private SessionExpiresHeader(TimeSpan interval, SessionRefresher refresher)
    {
        Interval = interval;
        Refresher = refresher;
    }

    /// <summary>Session interval; what exceeds 2^31-1 seconds stays there.</summary>
    public TimeSpan Interval { get; }

    /// <summary>Who refreshes.</summary>
    public SessionRefresher Refresher { get; }

    /// <summary>Reads the header.</summary>
    /// <returns>False when the interval is no number of seconds.</returns>
    public static bool TryParse(ReadOnlySpan<byte> value, out SessionExpiresHeader header)
    {
        header = default;
        int semicolon = value.IndexOf((byte)';');
        ReadOnlySpan<byte> digits = SipText.Trim(semicolon < 0 ? value : value[..semicolon]);
        if (!SipText.TryReadNumber(digits, int.MaxValue - 1, out long seconds))
        {
            return false;
        }

        SessionRefresher refresher = semicolon < 0 ? default : ReadRefresher(value[semicolon..]);
        header = new SessionExpiresHeader(TimeSpan.FromSeconds(seconds), refresher);
        return true;
    }

    private static SessionRefresher ReadRefresher(ReadOnlySpan<byte> parameters)
    {
        if (!new SipParameters(parameters).TryGet("refresher"u8, out ReadOnlySpan<byte> side))
        {
            return SessionRefresher.Unknown;
        }

        return Ascii.EqualsIgnoreCase(side, "uac"u8) ? SessionRefresher.Uac
            : Ascii.EqualsIgnoreCase(side, "uas"u8) ? SessionRefresher.Uas
            : SessionRefresher.Unknown;
    }
}
