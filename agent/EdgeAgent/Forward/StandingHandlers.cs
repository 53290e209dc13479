using System.Globalization;
using System.Text.Json;
using EdgeAgent.Core.Commands;
using EdgeAgent.Core.Guard.State;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Guards;
using EdgeAgent.Pipeline;

namespace EdgeAgent.Forward;

/// <summary><c>suspend {number, until, reason}</c>: the client takes a number out of service; without an end until it resumes it.</summary>
internal sealed class SuspendHandler(GuardDesk desk, TimeProvider time) : ICommandHandler
{
    /// <inheritdoc/>
    public string Name => CommandNames.Suspend;

    /// <inheritdoc/>
    public async Task<CommandOutcome> HandleAsync(CommandEnvelope command, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        using JsonDocument arguments = CommandArguments.Open(command.Arguments);
        if (StandingArguments.Number(arguments) is not { } number)
        {
            return CommandOutcome.Failed("badNumber");
        }

        if (CommandArguments.Text(arguments, "reason") is not { } reason || StandingOrders.FaultOf(reason) is not null)
        {
            return CommandOutcome.Failed("badReason");
        }

        TimeSpan rest = StandingOrders.LongestRest;
        if (arguments.RootElement.TryGetProperty("until", out JsonElement until) && until.ValueKind != JsonValueKind.Null)
        {
            bool isTime = DateTimeOffset.TryParseExact(
                until.ValueKind == JsonValueKind.String ? until.GetString() : "",
                "yyyy-MM-dd'T'HH:mm:ss'Z'",
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out DateTimeOffset end);
            rest = end - time.GetUtcNow();
            if (!isTime || rest < StandingOrders.ShortestRest || rest > StandingOrders.LongestRest)
            {
                return CommandOutcome.Failed("badUntil");
            }
        }

        StandingDocument answer = await desk.OrderAsync(
            (book, now) => StandingOrders.Suspend(book, now, number, rest, SuspendedBy.Client, reason), cancellationToken).ConfigureAwait(false);
        return StandingArguments.Outcome(answer);
    }
}

/// <summary><c>resume {number, reason}</c>: the client puts a suspended number on probation, whoever suspended it.</summary>
internal sealed class ResumeHandler(GuardDesk desk) : ICommandHandler
{
    /// <inheritdoc/>
    public string Name => CommandNames.Resume;

    /// <inheritdoc/>
    public async Task<CommandOutcome> HandleAsync(CommandEnvelope command, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        using JsonDocument arguments = CommandArguments.Open(command.Arguments);
        if (StandingArguments.Number(arguments) is not { } number)
        {
            return CommandOutcome.Failed("badNumber");
        }

        if (CommandArguments.Text(arguments, "reason") is not { } reason || StandingOrders.FaultOf(reason) is not null)
        {
            return CommandOutcome.Failed("badReason");
        }

        StandingDocument answer = await desk.OrderAsync(
            (book, now) => StandingOrders.Resume(book, now, number, SuspendedBy.Client, reason), cancellationToken).ConfigureAwait(false);
        return StandingArguments.Outcome(answer);
    }
}

/// <summary>What both have in common.</summary>
internal static class StandingArguments
{
    /// <summary>The number, in E.164 form; null when it is none.</summary>
    public static NumberKey? Number(JsonDocument arguments)
    {
        NumberKey key = CountersJson.KeyOf(CommandArguments.Text(arguments, "number") ?? "");
        return key.Number.IsNumber ? key : null;
    }

    /// <summary>How the number stands now. An order that changes nothing is carried out all the same.</summary>
    public static CommandOutcome Outcome(StandingDocument answer) => CommandOutcome.Done(writer =>
    {
        writer.WriteString("number", answer.Number);
        writer.WriteBoolean("changed", answer.Changed);
        writer.WriteString("standing", answer.Standing);
        if (answer.Until is { } until)
        {
            writer.WriteString("until", Instant.Seconds(until));
        }
    });
}
