using System.Globalization;
using System.Text;
using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Guard.State;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Core.Packets;
using Shouldly;

namespace EdgeAgent.Core.Tests.Calls;

/// <summary>A real engine and all that it gave out.</summary>
internal sealed class EngineRun : IEngineOutput
{
    private readonly TrunkTable _trunks;
    private SignallingEngine? _engine;

    public EngineRun(EngineSettings? settings = null)
    {
        settings ??= Settings();
        _trunks = settings.Trunks;
        _engine = new SignallingEngine(settings, this);
    }

    private EngineRun(TrunkTable trunks) => _trunks = trunks;

    public SignallingEngine Engine => _engine!;

    public List<SealedMinute> Sealed { get; } = [];

    public List<AgentEvent> Events { get; } = [];

    public List<CallRecord> Closed { get; } = [];

    /// <summary>The one call that was closed.</summary>
    public CallRecord Call => Closed.ShouldHaveSingleItem();

    /// <summary>Counters of every number, sealed and open minutes together.</summary>
    public IReadOnlyDictionary<NumberKey, NumberCounters> Numbers
    {
        get
        {
            Dictionary<NumberKey, NumberCounters> sums = [];
            foreach ((NumberKey key, NumberCounters counters) in Rows)
            {
                sums.TryAdd(key, new NumberCounters());
                sums[key].Add(counters);
            }

            return sums;
        }
    }

    /// <summary>Counters of all numbers together.</summary>
    public NumberCounters Totals
    {
        get
        {
            NumberCounters sum = new();
            foreach ((_, NumberCounters counters) in Rows)
            {
                sum.Add(counters);
            }

            return sum;
        }
    }

    /// <summary>Counters that belong to no number.</summary>
    public TrafficCounters Traffic
    {
        get
        {
            TrafficCounters sum = new();
            foreach (TrafficCounters each in Sealed.Select(minute => minute.Traffic)
                .Concat(Engine.OpenMinutes.Select(minute => minute.Traffic)))
            {
                sum.Add(each);
            }

            return sum;
        }
    }

    private IEnumerable<KeyValuePair<NumberKey, NumberCounters>> Rows =>
        Sealed.SelectMany(minute => minute.Numbers).Concat(Engine.OpenMinutes.SelectMany(minute => minute.Rows));

    /// <summary>Two trunks, French numbers, a key of zeros, and every number shown as it is.</summary>
    public static EngineSettings Settings(TrunkTable? trunks = null) => new()
    {
        Trunks = trunks ?? Hosts.Trunks,
        Numbers = new NumberNormaliser(new NumberSettings()),
        Pseudonymiser = new PersonPseudonymiser(new byte[PersonPseudonymiser.KeyBytes], "test"),
    };

    /// <summary>Goes on from what another run's engine saved.</summary>
    public static EngineRun Restored(EngineSettings settings, byte[] state, bool isAfterBlind, GuardState? guards = null)
    {
        EngineRun run = new(settings.Trunks);
        run._engine = SignallingEngine.Restore(settings, run, state, isAfterBlind, guards);
        return run;
    }

    public EngineRun Play(IEnumerable<CapturedPacket> packets)
    {
        foreach (CapturedPacket packet in packets)
        {
            Engine.OnPacket(packet);
        }

        return this;
    }

    /// <summary>Every counter of every number, and of the calls that have none, as text: equal when all figures are.</summary>
    public string Figures()
    {
        StringBuilder text = new();
        foreach ((NumberKey key, NumberCounters counters) in Numbers.OrderBy(pair => pair.Key.ToString(), StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"{key}:");
            foreach (CounterField field in CounterFields.All.Where(field => field.Name != "late" && field.Read(counters) != 0))
            {
                text.Append(CultureInfo.InvariantCulture, $" {field.Group}.{field.Name}={field.Read(counters)}");
            }

            foreach ((short code, long count) in counters.Status.Entries)
            {
                text.Append(CultureInfo.InvariantCulture, $" {code}={count}");
            }

            text.AppendLine();
        }

        return text.Append(CultureInfo.InvariantCulture, $"{Traffic.Internal} {Traffic.UnlistedTrunk} {Traffic.OtherCalls}").ToString();
    }

    /// <inheritdoc/>
    public void OnSealed(SealedMinute minute) => Sealed.Add(minute);

    /// <inheritdoc/>
    public void OnEvent(AgentEvent agentEvent) => Events.Add(agentEvent);

    /// <inheritdoc/>
    public void OnClosed(Call call)
    {
        Engine.Persons.NameAll(call);
        Closed.Add(call.ToRecord(_trunks.NameOf(call.Trunk)));
    }
}
