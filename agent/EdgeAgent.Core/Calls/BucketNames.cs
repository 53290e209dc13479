using System.Text;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Core.Sip;

namespace EdgeAgent.Core.Calls;

/// <summary>
/// Keys for callers that are no number: <c>anonymous</c>, <c>unknown</c>, <c>none</c>, or the account's own name. Each name becomes one
/// string, once. Not thread-safe.
/// </summary>
/// <param name="maxNames">Distinct names; further ones are <see cref="NumberKey.Other"/>.</param>
public sealed class BucketNames(int maxNames)
{
    private const int MaxNameLength = 64;
    private static readonly NumberKey Anonymous = new(default, "anonymous");
    private static readonly NumberKey Unknown = new(default, "unknown");
    private readonly Dictionary<string, NumberKey> _keys = [];

    /// <summary>The bucket of a user part.</summary>
    public NumberKey For(ReadOnlySpan<byte> user)
    {
        if (user.IsEmpty)
        {
            return NumberKey.None;
        }

        if (IsAny(user, "anonymous"u8, "anonyme"u8, "restricted"u8))
        {
            return Anonymous;
        }

        if (IsAny(user, "unknown"u8, "unavailable"u8, "asterisk"u8))
        {
            return Unknown;
        }

        Span<char> name = stackalloc char[MaxNameLength];
        return Intern(name[..Transcode(user, name)]);
    }

    /// <summary>The bucket of a caller: an anonymous From says so whatever its user.</summary>
    public NumberKey ForCaller(ReadOnlySpan<byte> user, ReadOnlySpan<byte> from) => IsAnonymous(from) ? Anonymous : For(user);

    /// <summary>A From that hides its user (RFC 3323 §4.1.1.3).</summary>
    public static bool IsAnonymous(ReadOnlySpan<byte> from) =>
        NameAddr.TryParse(from, out NameAddr address) && SipUri.TryParse(address.Uri, out SipUri uri)
        && (Ascii.EqualsIgnoreCase(uri.Host, "anonymous.invalid"u8) || Ascii.EqualsIgnoreCase(uri.UserNumber, "anonymous"u8));

    private static bool IsAny(ReadOnlySpan<byte> user, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third) =>
        Ascii.EqualsIgnoreCase(user, first) || Ascii.EqualsIgnoreCase(user, second) || Ascii.EqualsIgnoreCase(user, third);

    /// <summary>Printable ASCII only: names go to terminals, topics and files.</summary>
    private static int Transcode(ReadOnlySpan<byte> user, Span<char> name)
    {
        int length = Math.Min(user.Length, name.Length);
        for (int i = 0; i < length; i++)
        {
            name[i] = user[i] is > 0x20 and < 0x7F ? (char)user[i] : '?';
        }

        return length;
    }

    private NumberKey Intern(ReadOnlySpan<char> name)
    {
        Dictionary<string, NumberKey>.AlternateLookup<ReadOnlySpan<char>> byName = _keys.GetAlternateLookup<ReadOnlySpan<char>>();
        if (byName.TryGetValue(name, out NumberKey key))
        {
            return key;
        }

        if (_keys.Count >= maxNames)
        {
            return NumberKey.Other;
        }

        string text = name.ToString();
        key = new NumberKey(default, text);
        _keys.Add(text, key);
        return key;
    }
}
