using System.Text;
using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Reconcile;

/// <summary>Names caller IDs as the journal does, however a file writes them.</summary>
/// <param name="numbers">The agent's own reading of numbers.</param>
internal sealed class CallerIds(NumberNormaliser numbers)
{
    /// <summary>All callers that showed no number: what is in their place is written differently by every side.</summary>
    public const string None = "none";

    private const int MaxKnown = 100_000;

    private readonly Dictionary<string, string> _known = new(StringComparer.Ordinal);

    /// <summary><c>+33…</c>, or <see cref="None"/>. Reads <c>0199…</c>, <c>"Name" &lt;0199…&gt;</c>, <c>sip:+33…@host</c>.</summary>
    public string Of(string text)
    {
        if (_known.TryGetValue(text, out string? name))
        {
            return name;
        }

        name = numbers.TryCaller(Encoding.UTF8.GetBytes(UserPart(text)), out E164Number number) ? number.ToString() : None;
        if (_known.Count >= MaxKnown)
        {
            _known.Clear();
        }

        return _known[text] = name;
    }

    /// <summary>The journal's name of a number, or <see cref="None"/> for its buckets.</summary>
    public static string OfJournal(string name) => name.StartsWith('+') ? name : None;

    private static string UserPart(string text)
    {
        int open = text.LastIndexOf('<');
        int close = text.LastIndexOf('>');
        string address = (open >= 0 && close > open ? text[(open + 1)..close] : text).Trim();
        foreach (string scheme in new[] { "sips:", "sip:", "tel:" })
        {
            if (address.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            {
                address = address[scheme.Length..];
                break;
            }
        }

        int at = address.IndexOf('@', StringComparison.Ordinal);
        return at < 0 ? address : address[..at];
    }
}
