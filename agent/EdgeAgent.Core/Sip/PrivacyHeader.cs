using System.Text;

namespace EdgeAgent.Core.Sip;

/// <summary>Privacy values (RFC 3323 §4.2, RFC 3325 §9.3, RFC 7044 §7.2).</summary>
[Flags]
public enum PrivacyValues
{
    /// <summary>No value that is known.</summary>
    None = 0,

    /// <summary><c>none</c>: the user wants no privacy applied.</summary>
    NotWanted = 1,

    /// <summary><c>header</c>: Via, Contact and the like are obscured.</summary>
    Header = 2,

    /// <summary><c>session</c>: media addresses are obscured.</summary>
    Session = 4,

    /// <summary><c>user</c>: user-level identity is removed.</summary>
    User = 8,

    /// <summary><c>id</c>: the asserted identity stays inside the trust domain.</summary>
    Id = 16,

    /// <summary><c>history</c>: History-Info stays inside the trust domain.</summary>
    History = 32,

    /// <summary><c>critical</c>: fail rather than reveal.</summary>
    Critical = 64,
}

/// <summary>What Privacy asks for.</summary>
public readonly ref struct PrivacyHeader
{
    private PrivacyHeader(PrivacyValues values) => Values = values;

    /// <summary>All values found; unknown ones are left out.</summary>
    public PrivacyValues Values { get; }

    /// <summary>The number is not to be shown to the callee.</summary>
    public bool IsWithheld => (Values & (PrivacyValues.Id | PrivacyValues.User)) != 0;

    /// <summary>Reads the values; semicolons separate them, and commas, which senders mix in.</summary>
    /// <returns>False when no known value is present.</returns>
    public static bool TryParse(ReadOnlySpan<byte> value, out PrivacyHeader header)
    {
        PrivacyValues values = PrivacyValues.None;
        while (!value.IsEmpty)
        {
            int end = value.IndexOfAny((byte)';', (byte)',');
            values |= Classify(SipText.Trim(end < 0 ? value : value[..end]));
            value = end < 0 ? default : value[(end + 1)..];
        }

        header = new PrivacyHeader(values);
        return values != PrivacyValues.None;
    }

    private static PrivacyValues Classify(ReadOnlySpan<byte> word) => word.Length switch
    {
        2 when Is(word, "id"u8) => PrivacyValues.Id,
        4 when Is(word, "none"u8) => PrivacyValues.NotWanted,
        4 when Is(word, "user"u8) => PrivacyValues.User,
        6 when Is(word, "header"u8) => PrivacyValues.Header,
        7 when Is(word, "session"u8) => PrivacyValues.Session,
        7 when Is(word, "history"u8) => PrivacyValues.History,
        8 when Is(word, "critical"u8) => PrivacyValues.Critical,
        _ => PrivacyValues.None,
    };

    private static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) => Ascii.EqualsIgnoreCase(text, word);
}
