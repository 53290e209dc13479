using EdgeAgent.Core.Guard.Policy;
using EdgeAgent.Core.Guard.State;

namespace EdgeAgent.Core.Guard.Rules;

/// <summary>
/// G19: a campaign declared manual whose lines behave as a machine. Needs to know the agent line. Reasons: <c>parallel</c> (several calls
/// at once), <c>quickRedial</c> (again and again faster than a hand).
/// </summary>
internal sealed class ConcurrencyRule(ConcurrencySettings settings, SeatTable seats) : IRule
{
    public GuardId Id => GuardId.Concurrency;

    /// <summary>How soon an attempt comes too soon: a PBX that tries the next trunk may be as quick as it likes.</summary>
    internal static TimeSpan QuickRedialOf(in GuardFacts facts, ConcurrencySettings settings) =>
        facts.IsFailover ? TimeSpan.Zero : settings.QuickRedial;

    public bool Judge(GuardCase call, out GuardHit hit)
    {
        hit = default;
        if (call.Facts.Seat == 0 || call.Mode != DiallingMode.Manual)
        {
            return false;
        }

        int calls = seats.CallsOf(call.Facts.Seat) + 1;
        uint quick = seats.QuickRedialsOf(call.Facts.Seat, call.Minute)
            + (seats.IsQuick(call.Facts.Seat, call.At, QuickRedialOf(call.Facts, settings)) ? 1u : 0);
        if (calls <= settings.MaxCalls && quick < settings.MinQuickRedials)
        {
            return false;
        }

        bool isParallel = calls > settings.MaxCalls;
        hit = new GuardHit
        {
            Rule = Id,
            Reason = isParallel ? "parallel" : "quickRedial",
            Asked = GuardAction.Alert,
            Value = isParallel ? calls : quick,
            Limit = isParallel ? settings.MaxCalls : settings.MinQuickRedials,
            Reference = "décision Arcep 2022-1583 §7.1.3",
        };
        return true;
    }
}
