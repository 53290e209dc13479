using EdgeAgent.Configuration;
using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Guard.Policy;
using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Guards;

/// <summary>Makes a policy of checked values; what is not given is as in <see cref="GuardPolicy.Default"/>.</summary>
internal static class PolicyReader
{
    /// <summary>Reads the whole file.</summary>
    public static GuardPolicy Read(PolicyValues file)
    {
        GuardPolicy initial = GuardPolicy.Default;
        PolicyValues law = file["law"];
        PolicyValues alerts = file["alerts"];
        return initial with
        {
            ObserveFor = file.Time("guardsObserveFor", initial.ObserveFor),
            Clients = [.. file.List("clients").Select(client => new PolicyClient(client.Text("id") ?? "", client.Text("name")))],
            Campaigns = [.. file.List("campaigns").Select(Campaign)],
            Numbers = [.. file.List("numbers").Select(Number)],
            Trunks = [.. file.List("trunks").Select(trunk => new TrunkAssignment(trunk.Text("trunk") ?? "", trunk.Text("client"), trunk.Text("campaign")))],
            Calendars = Calendars(initial.Calendars, [.. file.List("calendars").Select(Calendar)]),
            Hours = law.List("hours").Select(Hours).ToArray() is { Length: > 0 } hours ? hours : initial.Hours,
            Attempts = law.List("attempts").Select(Attempts).ToArray() is { Length: > 0 } attempts ? attempts : initial.Attempts,
            Consent = law.List("consent").Select(Consent).ToArray() is { Length: > 0 } consent ? consent : initial.Consent,
            Alerts = new AlertSettings
            {
                Window = alerts.Time("window", initial.Alerts.Window),
                Quiet = alerts.Time("quiet", initial.Alerts.Quiet),
                Rearm = alerts.Time("rearm", initial.Alerts.Rearm),
            },
            Rules = RuleReader.Read(file["rules"]),
        };
    }

    private static PolicyCampaign Campaign(PolicyValues campaign) => new()
    {
        Id = campaign.Text("id") ?? "",
        Client = campaign.Text("client"),
        Audience = campaign.Name("audience", Audience.Consumer),
        Mode = campaign.Name("mode", DiallingMode.Unstated),
        IsProspection = campaign.Flag("prospection", true),
        Calendars = campaign.Texts("calendars") ?? [],
    };

    private static RegisteredNumber Number(PolicyValues number) => new()
    {
        Number = number.Phone("number"),
        Client = number.Text("client") ?? "",
        Class = number.Text("class") is null ? null : number.Name("class", NumberClass.Unknown),
        From = number.Date("from"),
        To = number.Date("to"),
        Mode = number.Name("mode", DiallingMode.Unstated),
        Campaign = number.Text("campaign"),
        Trunks = number.Texts("trunks") ?? [],
    };

    private static HolidayCalendar Calendar(PolicyValues calendar) => new()
    {
        Name = calendar.Text("name") ?? "",
        Reference = calendar.Text("reference"),
        Days = [.. (calendar.Texts("days") ?? []).Select(text => CalendarDay.TryParse(text, out CalendarDay day) ? day : default)],
        Territories = [.. (calendar.Texts("territories") ?? []).Select(Enum.Parse<FrenchTerritory>)],
    };

    /// <summary>A calendar of the file takes the place of the built-in one of its name.</summary>
    private static HolidayCalendar[] Calendars(IReadOnlyList<HolidayCalendar> initial, HolidayCalendar[] own) =>
        [.. own, .. initial.Where(calendar => !Array.Exists(own, each => each.Name == calendar.Name))];

    private static HoursLaw Hours(PolicyValues law)
    {
        HoursLaw hours = new()
        {
            From = law.Date("from") ?? DateOnly.MinValue, To = law.Date("to"), Reference = law.Text("reference") ?? "", Calendar = law.Text("calendar"),
        };
        return hours with
        {
            Days = law.Texts("days") is { } days ? [.. days.Select(Enum.Parse<DayOfWeek>)] : hours.Days,
            Windows = law.Texts("windows") is { } windows ? [.. windows.Select(Window)] : hours.Windows,
        };
    }

    private static CallingWindow Window(string text) => TimeWindow.TryParse(text, out TimeWindow window)
        ? new CallingWindow(window.From.ToTimeSpan(), window.To == default ? TimeSpan.FromHours(24) : window.To.ToTimeSpan())
        : default;

    private static AttemptsLaw Attempts(PolicyValues law)
    {
        AttemptsLaw attempts = new() { From = law.Date("from") ?? DateOnly.MinValue, To = law.Date("to"), Reference = law.Text("reference") ?? "" };
        return attempts with { Limit = law.Whole("limit", attempts.Limit), Days = law.Whole("days", attempts.Days) };
    }

    private static ConsentLaw Consent(PolicyValues law)
    {
        ConsentLaw consent = new() { From = law.Date("from") ?? DateOnly.MinValue, To = law.Date("to"), Reference = law.Text("reference") ?? "" };
        return consent with { MaxDays = law.Whole("maxDays", consent.MaxDays) };
    }
}
