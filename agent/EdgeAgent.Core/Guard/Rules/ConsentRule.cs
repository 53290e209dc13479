using EdgeAgent.Core.Guard.Policy;
using EdgeAgent.Core.Guard.State;

namespace EdgeAgent.Core.Guard.Rules;

/// <summary>
/// G7: prospection of consumers needs consent, and ends with a refusal. Whether consent is missing can only be said once consents of the
/// client were imported. Reasons: <c>refused</c>, <c>noConsent</c>, <c>consentExpired</c>.
/// </summary>
internal sealed class ConsentRule(ConsentSettings settings, IReadOnlyList<ConsentLaw> laws, ConsentSet consents) : IRule
{
    public GuardId Id => GuardId.Consent;

    public bool Judge(GuardCase call, out GuardHit hit)
    {
        hit = default;
        if (call.Facts.PersonKey == 0 || call.Facts.IsSentOn || call.Audience != Audience.Consumer || call.Campaign is { IsProspection: false })
        {
            return false;
        }

        ConsentEntry told = call.Consent;
        ConsentLaw? law = LawPeriod.On(laws, call.Day);
        if (told.Refused != 0)
        {
            uint least = told.Refused + ((uint)settings.RefusalDays * GuardMinutes.Day);
            bool hasNewConsent = told.Given > told.Refused;
            if (!hasNewConsent || call.Minute < least)
            {
                hit = Hit("refused", law) with { AllowedAt = hasNewConsent ? GuardMinutes.Start(least) : null };
                return true;
            }
        }

        if (law is null || told.ContractUntil >= call.Minute || !consents.IsLoadedFor(call.ClientKey))
        {
            return false;
        }

        uint most = told.Given + ((uint)law.MaxDays * GuardMinutes.Day);
        if (told.Given != 0 && call.Minute < (told.Until == 0 ? most : Math.Min(told.Until, most)))
        {
            return false;
        }

        hit = Hit(told.Given == 0 ? "noConsent" : "consentExpired", law);
        return true;
    }

    private GuardHit Hit(string reason, ConsentLaw? law) => new()
    {
        Rule = Id, Reason = reason, Asked = GuardAction.Block, Reference = law?.Reference ?? "Code de la consommation L221-16",
    };
}
