using EdgeAgent.Core.Guard;

namespace EdgeAgent.Core.Metrics;

/// <summary>A minute as those who judge how well it was seen need it.</summary>
/// <param name="Start">First instant, wall clock.</param>
/// <param name="Day">Civil day in Europe/Paris.</param>
/// <param name="MinuteOfDay">Minutes since midnight on the clocks of that day.</param>
/// <param name="IsLegal">In legal calling time.</param>
/// <param name="IsObserved">Nothing blinded the agent as a whole or any of its sources.</param>
internal readonly record struct MinuteFacts(DateTimeOffset Start, DateOnly Day, int MinuteOfDay, bool IsLegal, bool IsObserved)
{
    /// <summary>Looks the calendar up.</summary>
    public static MinuteFacts Of(CallingTime calendar, DateTimeOffset start, bool isObserved) =>
        new(start, calendar.DayOf(start), calendar.MinuteOfDay(start), calendar.Contains(start), isObserved);
}
