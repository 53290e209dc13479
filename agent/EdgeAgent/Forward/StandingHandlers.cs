using System.Globalization;
using System.Text.Json;
using EdgeAgent.Core.Commands;
using EdgeAgent.Core.Guard.State;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Guards;
using EdgeAgent.Pipeline;

namespace EdgeAgent.Forward;

/// <summary>What orders about one number have in common: whose it is, and a reason that will be recorded.</summary>
internal abstract class StandingHandler : ICommandHandler
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public async Task<CommandOutcome> HandleAsync(CommandEnvelope command, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        using JsonDocument arguments = CommandArguments.Open(command.Arguments);
        NumberKey number = CountersJson.KeyOf(CommandArguments.Text(arguments, "number") ?? "");
        if (!number.Number.IsNumber)
        {
            return CommandOutcome.Failed("badNumber");
        }

        return CommandArguments.Text(arguments, "reason") is { } reason && StandingOrders.FaultOf(reason) is null
            ? await OrderAsync(number, reason, arguments, cancellationToken).ConfigureAwait(false)
            : CommandOutcome.Failed("badReason");
    }

    /// <summary>Carries the order out.</summary>
    protected abstract Task<CommandOutcome> OrderAsync(NumberKey number, string reason, JsonDocument arguments, CancellationToken cancellationToken);

    /// <summary>How the number stands now. An order that changes nothing is carried out all the same.</summary>
    protected static CommandOutcome Outcome(StandingDocument answer) => CommandOutcome.Done(writer =>
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

/// <summary><c>suspend {number, until, reason}</c>: the client takes a number out of service; without an end until it resumes it.</summary>
internal sealed class SuspendHandler(GuardDesk desk, TimeProvider time) : StandingHandler
{
    /// <inheritdoc/>
    public override string Name => CommandNames.Suspend;

    /// <inheritdoc/>
    protected override async Task<CommandOutcome> OrderAsync(NumberKey number, string reason, JsonDocument arguments, CancellationToken cancellationToken)
    {
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

        return Outcome(await desk.OrderAsync(
            (book, now) => StandingOrders.Suspend(book, now, number, rest, SuspendedBy.Client, reason), cancellationToken).ConfigureAwait(false));
    }
}

/// <summary><c>resume {number, reason}</c>: the client puts a suspended number on probation, whoever suspended it.</summary>
internal sealed class ResumeHandler(GuardDesk desk) : StandingHandler
{
    /// <inheritdoc/>
    public override string Name => CommandNames.Resume;

    /// <inheritdoc/>
    protected override async Task<CommandOutcome> OrderAsync(NumberKey number, string reason, JsonDocument arguments, CancellationToken cancellationToken) =>
        Outcome(await desk.OrderAsync(
            (book, now) => StandingOrders.Resume(book, now, number, SuspendedBy.Client, reason), cancellationToken).ConfigureAwait(false));
}
