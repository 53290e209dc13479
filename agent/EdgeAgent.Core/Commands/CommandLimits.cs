namespace EdgeAgent.Core.Commands;

/// <summary>Sizes and times of commands.</summary>
public sealed record CommandLimits
{
    /// <summary>Longest command in bytes. Default 256 KiB.</summary>
    public int MaxBytes { get; init; } = 256 * 1024;

    /// <summary>Longest <c>policy</c> and <c>reports</c> in bytes. Default 8 MiB.</summary>
    public int MaxListBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Difference between the sender's clock and ours that is tolerated, on both ends of the validity. Default 5 min.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Longest time from issue to expiry: as long nonces have to be remembered. What claims more is malformed.</summary>
    public TimeSpan MaxValidity { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Nonces remembered; when so many are valid at once, further commands are refused.</summary>
    public int MaxNonces { get; init; } = 10_000;

    /// <summary>Longest payload of the command <paramref name="name"/> in bytes.</summary>
    public int MaxBytesOf(string name) => CommandNames.CarriesLists(name) ? Math.Max(MaxBytes, MaxListBytes) : MaxBytes;
}
