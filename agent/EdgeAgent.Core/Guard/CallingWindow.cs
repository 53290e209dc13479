namespace EdgeAgent.Core.Guard;

/// <summary>A stretch of the civil day, half-open: a call at <paramref name="Closes"/> is late.</summary>
/// <param name="Opens">Since local midnight, 0 to 24 h.</param>
/// <param name="Closes">Since local midnight, after <paramref name="Opens"/>, up to 24 h.</param>
public readonly record struct CallingWindow(TimeSpan Opens, TimeSpan Closes);
