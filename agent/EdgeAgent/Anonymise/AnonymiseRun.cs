using EdgeAgent.Capture;
using EdgeAgent.Core;
using EdgeAgent.Core.Anonymise;
using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Replay;

namespace EdgeAgent.Anonymise;

/// <summary>Reads a capture twice, to learn and to write, and compares what was counted before and after.</summary>
/// <param name="settings">Settings in force; their trunks serve the comparison.</param>
/// <param name="key">The secret behind all replacements.</param>
/// <param name="error">Where faults of the capture go.</param>
internal sealed class AnonymiseRun(EngineSettings settings, byte[] key, TextWriter error)
{
    private readonly MessageMask _mask = new(key);

    /// <summary>Learns, so that nothing is written when there is nothing to write.</summary>
    /// <returns>What was learnt.</returns>
    public async Task<Learnt> LearnAsync(CaptureSet captures, CancellationToken cancellationToken)
    {
        LearningTap tap = new(_mask);
        ReplayFigures figures = new(null, null);
        EngineRun run = new(error);
        foreach (HostRange range in settings.Trunks.All.SelectMany(trunk => trunk.Ranges).Concat(settings.Phones))
        {
            _mask.Learn(range.Network);
        }

        await run.ExecuteAsync(captures, settings with { Tap = tap }, figures, (null, null), null, cancellationToken).ConfigureAwait(false);
        return new Learnt(tap, figures, run);
    }

    /// <summary>Writes.</summary>
    public async Task<AnonymiseReport> WriteAsync(CaptureSet captures, Learnt learnt, Stream output, CancellationToken cancellationToken)
    {
        ReplayFigures figures = new(null, null);
        EngineSettings own = learnt.Run.Settings with { Tap = null };
        SignallingEngine check = new(
            own with { Trunks = MaskedTrunks(own.Trunks), Phones = [.. own.Phones.SelectMany(_mask.Replace)] }, figures);
        WritingTap tap = new(_mask, output, check, learnt.Tap.Messages);
        EngineRun run = new(TextWriter.Null); // what is damaged was said at the first reading
        await run.ExecuteAsync(captures, own with { Tap = tap }, new ReplayFigures(null, null), (null, null), null, cancellationToken)
            .ConfigureAwait(false);
        tap.Complete(learnt.Run.Last ?? DateTimeOffset.UnixEpoch);
        return new AnonymiseReport
        {
            PacketsRead = learnt.Run.Engine.Counters.Packets,
            PacketsWritten = tap.Packets,
            Messages = learnt.Tap.Messages,
            NotSip = learnt.Tap.Others,
            Numbers = _mask.Numbers,
            Addresses = _mask.Addresses,
            Trunks = [.. MaskedTrunks(own.Trunks).All.Select(trunk =>
                KeyValuePair.Create(trunk.Name, (IReadOnlyList<string>)[.. trunk.Ranges.Select(RangeText.Of)]))],
            Attempts = figures.Totals.Attempts,
            Answered = figures.Totals.Answered,
            Differences = [.. Differences(learnt.Figures, figures)],
        };
    }

    private TrunkTable MaskedTrunks(TrunkTable trunks) => new(
        trunks.All.Select(trunk => trunk with { Ranges = [.. trunk.Ranges.SelectMany(_mask.Replace)] }),
        trunks.OwnHosts.Select(_mask.Replace));

    /// <summary>Counters that differ. Late is none: packets that were left out may have closed a minute.</summary>
    private static IEnumerable<string> Differences(ReplayFigures before, ReplayFigures after)
    {
        foreach (CounterField field in CounterFields.All.Where(field => field.Name != "late"))
        {
            long was = field.Read(before.Totals);
            long now = field.Read(after.Totals);
            if (was != now)
            {
                yield return $"{(field.Group is null ? "" : field.Group + ".")}{field.Name} {was} -> {now}";
            }
        }

        if (before.Numbers.Count != after.Numbers.Count)
        {
            yield return $"numbers {before.Numbers.Count} -> {after.Numbers.Count}";
        }
    }

    /// <summary>What the first reading gave.</summary>
    /// <param name="Tap">Learnt from these messages.</param>
    /// <param name="Figures">What they count.</param>
    /// <param name="Run">Read them.</param>
    internal sealed record Learnt(LearningTap Tap, ReplayFigures Figures, EngineRun Run);
}
