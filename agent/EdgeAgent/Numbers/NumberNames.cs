using System.Text;
using EdgeAgent.Configuration;
using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Numbers;

/// <summary>Reads a number as an administrator types it.</summary>
internal static class NumberNames
{
    private const int CacheEntries = 16; // one number is asked for at a time

    /// <summary><c>+33…</c> for whatever spelling the number plan reads, else the text itself: the name of a bucket.</summary>
    public static string Normalise(string text, AgentOptions options)
    {
        NumberNormaliser numbers = new(new NumberSettings
        {
            DefaultRegion = options.Numbers.DefaultRegion,
            OtherPlans = new PhoneLibNumberPlan(options.Numbers.DefaultRegion, CacheEntries),
        });
        return numbers.TryCaller(Encoding.UTF8.GetBytes(text), out E164Number number) ? number.ToString() : text.Trim();
    }
}
