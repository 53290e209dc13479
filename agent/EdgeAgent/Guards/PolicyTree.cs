using System.Globalization;
using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Guard.Policy;

namespace EdgeAgent.Guards;

/// <summary>Lays out a policy as a file that says everything: the way back from what <see cref="PolicyReader"/> read.</summary>
/// <param name="written">Values of the file by path (<see cref="PolicyResult.Values"/>): all else is marked as default.</param>
internal sealed partial class PolicyTree(IReadOnlyDictionary<string, string?> written)
{
    /// <summary>The policy of <paramref name="result"/>, which is good.</summary>
    public static PolicyGroup Of(PolicyResult result) => new PolicyTree(result.Values).File(result.Policy!);

    private PolicyGroup File(GuardPolicy policy) => new(
    [
        Value("", "guardsObserveFor", Time(policy.ObserveFor)),
        ("clients", Entries("clients", policy.Clients, client => client.Id, (path, client) =>
            [Value(path, "id", client.Id), Optional(path, "name", client.Name)])),
        ("campaigns", Entries("campaigns", policy.Campaigns, campaign => campaign.Id, Campaign)),
        ("numbers", Entries("numbers", policy.Numbers, KeyOf, Number)),
        ("trunks", Entries("trunks", policy.Trunks, trunk => trunk.Trunk, (path, trunk) =>
            [Value(path, "trunk", trunk.Trunk), Optional(path, "client", trunk.Client), Optional(path, "campaign", trunk.Campaign)])),
        ("calendars", Entries("calendars", policy.Calendars, calendar => calendar.Name, Calendar)),
        ("law", new PolicyGroup(
        [
            ("hours", Entries("law:hours", policy.Hours, KeyOf, Hours)),
            ("attempts", Entries("law:attempts", policy.Attempts, KeyOf, (path, law) =>
                [.. Period(path, law), Whole(path, "limit", law.Limit), Whole(path, "days", law.Days)])),
            ("consent", Entries("law:consent", policy.Consent, KeyOf, (path, law) =>
                [.. Period(path, law), Whole(path, "maxDays", law.MaxDays)])),
        ])),
        ("rules", Rules(policy.Rules)),
        ("alerts", new PolicyGroup(
        [
            Value("alerts", "window", Time(policy.Alerts.Window)),
            Value("alerts", "quiet", Time(policy.Alerts.Quiet)),
            Value("alerts", "rearm", Time(policy.Alerts.Rearm)),
        ])),
    ]);

    private (string, PolicyNode?)[] Campaign(string path, PolicyCampaign campaign) =>
    [
        Value(path, "id", campaign.Id),
        Optional(path, "client", campaign.Client),
        Value(path, "audience", CamelCase.Of(campaign.Audience)),
        Value(path, "mode", CamelCase.Of(campaign.Mode)),
        Flag(path, "prospection", campaign.IsProspection),
        Texts(path, "calendars", campaign.Calendars),
    ];

    private (string, PolicyNode?)[] Number(string path, RegisteredNumber number) =>
    [
        Value(path, "number", number.Number.ToString()),
        Value(path, "client", number.Client),
        Optional(path, "class", number.Class is { } known ? CamelCase.Of(known) : null),
        Optional(path, "from", Date(number.From)),
        Optional(path, "to", Date(number.To)),
        Optional(path, "mode", number.Mode == DiallingMode.Unstated ? null : CamelCase.Of(number.Mode)),
        Optional(path, "campaign", number.Campaign),
        Texts(path, "trunks", number.Trunks),
    ];

    private (string, PolicyNode?)[] Calendar(string path, HolidayCalendar calendar) =>
    [
        Value(path, "name", calendar.Name),
        Optional(path, "reference", calendar.Reference),
        Texts(path, "days", [.. calendar.Days.Select(day => day.ToString())]),
        Texts(path, "territories", [.. calendar.Territories.Select(CamelCase.Of)]),
    ];

    private (string, PolicyNode?)[] Hours(string path, HoursLaw law) =>
    [
        .. Period(path, law),
        Texts(path, "days", [.. law.Days.Select(CamelCase.Of)]),
        Texts(path, "windows", [.. law.Windows.Select(Window)]),
        Optional(path, "calendar", law.Calendar),
    ];

    private (string, PolicyNode?)[] Period(string path, LawPeriod law) =>
        [Value(path, "from", Date(law.From)!), Optional(path, "to", Date(law.To)), Value(path, "reference", law.Reference)];

    // The same number may be two clients', one after the other.
    private static string KeyOf(RegisteredNumber number) => number.From is { } from ? $"{number.Number} from {Date(from)}" : number.Number.ToString();

    private static string KeyOf(LawPeriod law) => Date(law.From)!;

    private static PolicyEntries Entries<T>(
        string list, IReadOnlyList<T> all, Func<T, string> keyOf, Func<string, T, (string Name, PolicyNode? Node)[]> membersOf)
    {
        (string, PolicyGroup)[] entries = new (string, PolicyGroup)[all.Count];
        for (int i = 0; i < entries.Length; i++)
        {
            (string Name, PolicyNode? Node)[] members = membersOf(string.Create(CultureInfo.InvariantCulture, $"{list}:{i}"), all[i]);
            entries[i] = (keyOf(all[i]), new PolicyGroup([.. members.Where(member => member.Node is not null).Select(member => (member.Name, member.Node!))]));
        }

        return new PolicyEntries(entries, Array.TrueForAll(entries, entry => entry.Item2.IsDefault));
    }

    private (string, PolicyNode) Value(string group, string name, string text, PolicyValueKind kind = PolicyValueKind.Text) =>
        (name, new PolicyValue(text, kind, !written.ContainsKey(group.Length == 0 ? name : $"{group}:{name}")));

    private (string, PolicyNode?) Optional(string group, string name, string? text) => text is null ? (name, null) : Value(group, name, text);

    private (string, PolicyNode) Whole(string group, string name, int value) =>
        Value(group, name, value.ToString(CultureInfo.InvariantCulture), PolicyValueKind.Number);

    private (string, PolicyNode) Flag(string group, string name, bool value) => Value(group, name, value ? "true" : "false", PolicyValueKind.Flag);

    private (string, PolicyNode?) Texts(string group, string name, IReadOnlyList<string> texts) =>
        texts.Count == 0 ? (name, null) : (name, new PolicyTexts(texts, !written.ContainsKey($"{group}:{name}:0")));

    private static string Window(CallingWindow window) =>
        string.Create(CultureInfo.InvariantCulture, $"{window.Opens:hh\\:mm}-{(window.Closes == TimeSpan.FromDays(1) ? "24:00" : window.Closes.ToString("hh\\:mm", CultureInfo.InvariantCulture))}");

    private static string? Date(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The largest unit that leaves no rest, as somebody would write it.</summary>
    private static string Time(TimeSpan time)
    {
        (string Unit, TimeSpan Length)[] units =
        [
            ("d", TimeSpan.FromDays(1)), ("h", TimeSpan.FromHours(1)), ("min", TimeSpan.FromMinutes(1)), ("s", TimeSpan.FromSeconds(1)),
            ("ms", TimeSpan.FromMilliseconds(1)),
        ];
        (string unit, TimeSpan length) = time == TimeSpan.Zero ? units[3] : Array.Find(units, unit => time.Ticks % unit.Length.Ticks == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{time / length:0} {unit}");
    }

    /// <summary>A share of 0 to 1 in percent; decimal, so that 0.07 is 7 and not 7.000000000000001.</summary>
    private static string Share(double share) => string.Create(CultureInfo.InvariantCulture, $"{(decimal)share * 100:0.#############} %");
}
