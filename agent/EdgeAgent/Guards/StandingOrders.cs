using EdgeAgent.Configuration;
using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Guard.State;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Forward;
using EdgeAgent.Numbers;

namespace EdgeAgent.Guards;

/// <summary>Orders on a number's standing, from the administrator of this host or from the client.</summary>
internal static class StandingOrders
{
    /// <summary>Longest rest, and what a suspension without an end is taken for: ten years.</summary>
    public static readonly TimeSpan LongestRest = TimeSpan.FromDays(3_650);

    /// <summary>Shortest rest.</summary>
    public static readonly TimeSpan ShortestRest = TimeSpan.FromMinutes(1);

    /// <summary>Longest reason in characters; it is published.</summary>
    public const int MaxReasonLength = 200;

    /// <summary>The key of a number in E.164 form or as it is dialled here; null when it is none.</summary>
    public static NumberKey? KeyOf(string? text, AgentOptions options)
    {
        NumberKey key = CountersJson.KeyOf(text is null ? "" : NumberNames.Normalise(text, options));
        return key.Number.IsNumber ? key : null;
    }

    /// <summary>What is wrong with a reason; null when nothing is.</summary>
    public static string? FaultOf(string? reason) =>
        reason is not { Length: > 0 and <= MaxReasonLength } || reason.Any(char.IsControl)
            ? $"a reason has 1 to {MaxReasonLength} characters on one line"
            : null;

    /// <summary>Takes a number out of service.</summary>
    /// <returns>How it stands now, and whether that changed.</returns>
    public static StandingDocument Suspend(GuardBook book, DateTimeOffset now, NumberKey number, TimeSpan rest, SuspendedBy by, string reason) =>
        StandingDocument.Of(book, number, book.Suspend(number, now, rest, by, reason));

    /// <summary>Puts a suspended number on probation.</summary>
    /// <returns>How it stands now, and whether that changed.</returns>
    public static StandingDocument Resume(GuardBook book, DateTimeOffset now, NumberKey number, SuspendedBy by, string reason) =>
        StandingDocument.Of(book, number, book.Resume(number, now, by, reason));
}

/// <summary>How a number stands after an order.</summary>
/// <param name="Number">The number.</param>
/// <param name="Changed">The order changed something.</param>
/// <param name="Standing"><c>active</c>, <c>watch</c>, <c>suspended</c> or <c>probation</c>.</param>
/// <param name="By">Who suspended it last; null when nobody did.</param>
/// <param name="Until">End of the suspension; null when it is none.</param>
internal sealed record StandingDocument(string Number, bool Changed, string Standing, string? By, DateTimeOffset? Until)
{
    /// <summary>Reads the book.</summary>
    public static StandingDocument Of(GuardBook book, NumberKey number, bool hasChanged)
    {
        Suspension? suspension = book.State.Find(number)?.Suspension;
        return new StandingDocument(
            number.ToString(),
            hasChanged,
            CamelCase.Of(suspension?.Standing ?? Core.Guard.State.Standing.Active),
            suspension is null or { By: SuspendedBy.Nobody } ? null : CamelCase.Of(suspension.By),
            suspension is null || suspension.Until == default ? null : suspension.Until);
    }
}

/// <summary>Order of the administrator.</summary>
/// <param name="Number">Number in any spelling.</param>
/// <param name="Seconds">How long it rests; null to resume it.</param>
/// <param name="Reason">For people; published.</param>
internal sealed record StandingOrder(string? Number, double? Seconds, string? Reason);
