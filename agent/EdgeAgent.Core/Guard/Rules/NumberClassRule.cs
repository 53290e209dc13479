using EdgeAgent.Core.Guard.Policy;
using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core.Guard.Rules;

/// <summary>
/// G4: which kind of number may be shown depends on how calls are begun. Reasons: <c>mobile</c> (never for a call centre; blocks),
/// <c>notVerified</c> (an automated system shows an ordinary number), <c>technicalPlatform</c> (0937 to 0939 in prospection).
/// </summary>
internal sealed class NumberClassRule : IRule
{
    private const string Decision = "décision Arcep 2022-1583";

    public GuardId Id => GuardId.NumberClass;

    public bool Judge(GuardCase call, out GuardHit hit)
    {
        bool isAutomated = call.Mode is DiallingMode.Progressive or DiallingMode.Predictive;
        (string? reason, GuardAction asked) = call.Class switch
        {
            NumberClass.Mobile or NumberClass.OverseasMobile => ("mobile", GuardAction.Block),
            NumberClass.Geographic or NumberClass.Nomadic or NumberClass.OverseasGeographic or NumberClass.OverseasNomadic when isAutomated =>
                ("notVerified", GuardAction.Alert),
            NumberClass.TechnicalPlatform when call.Campaign is { IsProspection: true } => ("technicalPlatform", GuardAction.Alert),
            _ => (null, GuardAction.Allow),
        };
        hit = reason is null ? default : new GuardHit { Rule = Id, Reason = reason, Asked = asked, Reference = Decision };
        return reason is not null;
    }
}
