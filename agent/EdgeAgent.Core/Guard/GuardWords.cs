using System.Globalization;

namespace EdgeAgent.Core.Guard;

/// <summary>Verdicts in plain words, for people. Made only when somebody reads them.</summary>
public static class GuardWords
{
    /// <summary>What the rule found, such as <c>5 attempts to this person in 30 days; 4 are allowed</c>. No number, no name.</summary>
    public static string Of(in GuardHit hit) => (hit.Rule, hit.Reason) switch
    {
        (GuardId.CallerId, "missing") => "no caller ID is shown",
        (GuardId.CallerId, "hidden") => "the caller ID is hidden",
        (GuardId.CallerId, "premium") => "a premium-rate number (089) may not be shown",
        (GuardId.CallerId, "directory") => "a directory-enquiry number (118) may not be shown",
        (GuardId.CallerId, "shortNumber") => "this short number may not be shown",
        (GuardId.CallerId, _) => "the caller ID is no valid number",
        (GuardId.Unassigned, "expired") => "the number is no longer assigned to a client",
        (GuardId.Unassigned, "notYetValid") => "the number is not yet assigned to a client",
        (GuardId.Unassigned, "otherTrunk") => "the number is not registered for this trunk",
        (GuardId.Unassigned, _) => "the number is not in the register",
        (GuardId.Pooling, "otherClient") => "the number belongs to another client than the one called for",
        (GuardId.Pooling, "quarantine") => Text($"the number was another client's {hit.Value:0} days ago; it rests for {hit.Limit:0}"),
        (GuardId.Pooling, _) => Text($"the number is used by {hit.Value:0} clients or accounts"),
        (GuardId.NumberClass, "mobile") => "a mobile number may not be shown by a call centre",
        (GuardId.NumberClass, "technicalPlatform") => "a number of a technical platform (0937 to 0939) may not be used in prospection",
        (GuardId.NumberClass, _) => "an automated call system must show a verified number (NPV)",
        (GuardId.Hours, "publicHoliday") => "public holiday where the person is",
        (GuardId.Hours, "weekend") => "no calling day where the person is",
        (GuardId.Hours, "beforeOpening") => "before the legal hours where the person is",
        (GuardId.Hours, "lunchBreak") => "between the legal hours where the person is",
        (GuardId.Hours, _) => "after the legal hours where the person is",
        (GuardId.LocalHoliday, _) => "local holiday where the person is",
        (GuardId.Consent, "refused") => "the person has refused or withdrawn",
        (GuardId.Consent, "consentExpired") => "the person's consent has run out",
        (GuardId.Consent, _) => "the person has given no consent",
        (GuardId.PersonAttempts, _) => Text($"attempt {hit.Value:0} to this person within the legal window; {hit.Limit:0} are allowed"),
        (GuardId.Redial, "withinHour") => Text($"attempt {hit.Value:0} to this person within an hour; {hit.Limit:0} is the limit"),
        (GuardId.Redial, _) => Text($"attempt {hit.Value:0} to this person within 24 hours; {hit.Limit:0} is the limit"),
        (GuardId.DailyCap, _) => Text($"attempt {hit.Value:0} of this number today; the threshold is {hit.Limit:0}"),
        (GuardId.HourlyCap, _) => Text($"attempt {hit.Value:0} of this number in sixty minutes; the threshold is {hit.Limit:0}"),
        (GuardId.Spike, _) => Text($"attempt {hit.Value:0} of this number today; {hit.Limit:0} is what its last calling days make expect at most"),
        (GuardId.AnswerRate, "trunkFault") => Text($"the answer rate fell from {hit.Limit:P1} to {hit.Value:P1}, and so did the share of calls that get through: look at the trunk"),
        (GuardId.AnswerRate, _) => Text($"the answer rate went from {hit.Limit:P1} to {hit.Value:P1} within a week, over {hit.Sample} attempts"),
        (GuardId.ReportRate, _) => Text($"{hit.Value:P1} of {hit.Sample} attempts were reported as unwanted; the threshold is {hit.Limit:P1}"),
        (GuardId.TalkTime, "shortCalls") => Text($"{hit.Value:P1} of {hit.Sample} answered calls lasted less than 10 s; the threshold is {hit.Limit:P1}"),
        (GuardId.TalkTime, _) => Text($"answered calls last {hit.Value:0} s on average; below {hit.Limit:0} s is a marked fall"),
        (GuardId.CallBack, "unreachable") => Text($"only {hit.Value:P1} of {hit.Sample} call-backs were answered; most of the others found no line"),
        (GuardId.CallBack, "unanswered") => Text($"only {hit.Value:P1} of {hit.Sample} call-backs were answered"),
        (GuardId.CallBack, _) => Text($"call-backs went from {hit.Limit:P1} to {hit.Value:P1} of unanswered attempts"),
        (GuardId.Suspension, "suspended") => "the number is suspended",
        (GuardId.Suspension, _) => Text($"attempt {hit.Value:0} today of a number on probation; its ramp allows {hit.Limit:0}"),
        (GuardId.WarmUp, _) => Text($"attempt {hit.Value:0} today of a new number; its warm-up allows {hit.Limit:0}"),
        (GuardId.Concurrency, "parallel") => Text($"{hit.Value:0} calls at once on a line that dials by hand"),
        (GuardId.Concurrency, _) => Text($"{hit.Value:0} times within an hour a line dialled again faster than a hand can"),
        (GuardId.CarrierBlock, "networkBlock") => Text($"the carrier blocked {hit.Value:0} of {hit.Sample} attempts as unwanted"),
        (GuardId.CarrierBlock, _) => Text($"the carrier refuses {hit.Value:P1} of {hit.Sample} attempts; {hit.Limit:P1} is what the week before makes expect at most"),
        (GuardId.Blindness, "blindTime") => Text($"{hit.Value:0} s of legal calling time on end were not observed"),
        (GuardId.Blindness, "clock") => Text($"the clock of a host that hands over calls is {hit.Value:0} s off"),
        (GuardId.Blindness, _) => Text($"{hit.Value:P1} of {hit.Sample} calls listed elsewhere differ from the journal"),
        _ => hit.Reason,
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
