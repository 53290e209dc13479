using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core.Guard.Rules;

/// <summary>
/// G1: a consumer must see a number that may be shown and called back. Reasons: <c>missing</c>, <c>hidden</c>, <c>premium</c> (089),
/// <c>directory</c> (118XYZ), <c>shortNumber</c> (3BPQ other than 30PQ and 31PQ), <c>invalid</c>.
/// </summary>
internal sealed class CallerIdRule : IRule
{
    private const string Shown = "Code de la consommation L221-17";
    private const string Kinds = "arrêté du 5 juillet 2016";

    public GuardId Id => GuardId.CallerId;

    public bool Judge(GuardCase call, out GuardHit hit)
    {
        string? reason = call.Facts.IsNumberHidden ? null
            : call.Facts.IsWithheld ? "hidden"
            : call.Facts.Number.Number.IsNumber ? call.Class switch
            {
                NumberClass.Premium => "premium",
                NumberClass.Unknown => "invalid",
                _ => null,
            }
            : OfBucket(call.Facts.Number.Bucket ?? "");
        hit = reason is null ? default : new GuardHit
        {
            Rule = Id,
            Reason = reason,
            Asked = GuardAction.Block,
            Reference = reason is "premium" or "directory" or "shortNumber" ? Kinds : Shown,
        };
        return reason is not null;
    }

    private static string? OfBucket(string bucket)
    {
        if (bucket is "anonymous")
        {
            return "hidden";
        }

        if (bucket is "none" or "unknown" or "")
        {
            return "missing";
        }

        Span<byte> digits = stackalloc byte[8];
        if (bucket.Length > digits.Length || !System.Text.Encoding.ASCII.TryGetBytes(bucket, digits, out int length))
        {
            return "invalid";
        }

        return NumberClasses.OfShort(digits[..length]) switch
        {
            NumberClass.DirectoryEnquiry => "directory",
            NumberClass.ShortCode when bucket[0] == '3' => bucket[1] is '0' or '1' ? null : "shortNumber",
            _ => "invalid",
        };
    }
}
