using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace EdgeAgent.Store;

/// <summary>A duration from <paramref name="minimum"/> to <paramref name="maximum"/> seconds. The framework's range attribute needs
/// reflection for anything but numbers, which trimming forbids.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TimeSpanRangeAttribute(double minimum, double maximum) : ValidationAttribute
{
    /// <summary>Shortest duration in seconds.</summary>
    public double Minimum { get; } = minimum;

    /// <summary>Longest duration in seconds.</summary>
    public double Maximum { get; } = maximum;

    /// <inheritdoc/>
    public override bool IsValid(object? value) =>
        value is TimeSpan span && span.TotalSeconds >= Minimum && span.TotalSeconds <= Maximum;

    /// <inheritdoc/>
    public override string FormatErrorMessage(string name) => string.Create(
        CultureInfo.InvariantCulture,
        $"{name} must be from {TimeSpan.FromSeconds(Minimum):c} to {TimeSpan.FromSeconds(Maximum):c}.");
}
