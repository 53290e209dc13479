namespace EdgeAgent.Core.Guard;

/// <summary>Minutes since the Unix epoch: the unit in which attempts to persons are kept.</summary>
public static class GuardMinutes
{
    /// <summary>Minutes of a day.</summary>
    public const uint Day = 24 * 60;

    /// <summary>The minute that holds <paramref name="at"/>; at least 1, since 0 stands for none.</summary>
    public static uint Of(DateTimeOffset at) => (uint)Math.Clamp(at.ToUnixTimeSeconds() / 60, 1, uint.MaxValue);

    /// <summary>The beginning of a minute.</summary>
    public static DateTimeOffset Start(uint minute) => DateTimeOffset.UnixEpoch.AddMinutes(minute);
}
