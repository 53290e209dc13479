using EdgeAgent.Core.Guard.Policy;
using EdgeAgent.Core.Numbers;
using NodaTime;

namespace EdgeAgent.Core.Guard.Rules;

/// <summary>G6: a holiday of the person's territory, or of those the campaign calls. No law on calls names it: prudence. Reason: <c>localHoliday</c>.</summary>
internal sealed class LocalHolidayRule : IRule
{
    private readonly CallingHours _hours;
    private readonly HolidayCalendar[][] _byZone = new HolidayCalendar[CalleeZones.Ids.Length][];
    private readonly Dictionary<string, HolidayCalendar> _byName;
    private readonly (LocalDate Day, HolidayCalendar? Found)[] _last = new (LocalDate, HolidayCalendar?)[CalleeZones.Ids.Length];

    public LocalHolidayRule(GuardPolicy policy, CallingHours hours)
    {
        _hours = hours;
        _byName = policy.Calendars.ToDictionary(calendar => calendar.Name);
        for (int zone = 0; zone < _byZone.Length; zone++)
        {
            _byZone[zone] = [.. policy.Calendars.Where(calendar => calendar.Territories.Any(territory => CalleeZones.SliceOf(territory) == (zone, 1)))];
        }
    }

    public GuardId Id => GuardId.LocalHoliday;

    public bool Judge(GuardCase call, out GuardHit hit)
    {
        hit = default;
        if (call.Facts.IsSentOn)
        {
            return false;
        }

        (int first, int count) = CalleeZones.SliceOf(call.Facts.Person);
        HolidayCalendar? found = null;
        for (int zone = first; zone < first + count && found is null; zone++)
        {
            LocalDate day = _hours.DayIn(zone, call.At);
            found = OfZone(zone, day);
            for (int i = 0; i < (call.Campaign?.Calendars.Count ?? 0) && found is null; i++)
            {
                found = _byName[call.Campaign!.Calendars[i]] is { } named && named.Contains(day) ? named : null;
            }
        }

        if (found is null)
        {
            return false;
        }

        hit = new GuardHit { Rule = Id, Reason = "localHoliday", Asked = GuardAction.Block, Reference = found.Reference };
        return true;
    }

    private HolidayCalendar? OfZone(int zone, LocalDate day)
    {
        if (_last[zone].Day != day)
        {
            _last[zone] = (day, Find(_byZone[zone], day));
        }

        return _last[zone].Found;
    }

    // No lambda: what it captures would be allocated for each call.
    private static HolidayCalendar? Find(HolidayCalendar[] calendars, LocalDate day)
    {
        foreach (HolidayCalendar calendar in calendars)
        {
            if (calendar.Contains(day))
            {
                return calendar;
            }
        }

        return null;
    }
}
