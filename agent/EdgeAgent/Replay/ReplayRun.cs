using EdgeAgent.Capture;
using EdgeAgent.Configuration;
using EdgeAgent.Core;
using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Hep;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Core.Packets;
using EdgeAgent.Pipeline;

namespace EdgeAgent.Replay;

/// <summary>Reads captures through the daemon's own engine.</summary>
/// <param name="request">What was asked for.</param>
/// <param name="options">The configuration in force.</param>
/// <param name="pseudonymiser">Names persons.</param>
/// <param name="error">Where faults of single files go.</param>
internal sealed class ReplayRun(
    ReplayRequest request, AgentOptions options, PersonPseudonymiser pseudonymiser, TextWriter error)
{
    /// <summary>A file was damaged; what was readable of it is counted.</summary>
    public bool HasDamage { get; private set; }

    /// <summary>Reads everything, in order.</summary>
    public async Task<ReplayReport> ExecuteAsync(
        CaptureSet captures, ReplayOutput output, ReplayPublishing? publishing, Action<int>? onRead, CancellationToken cancellationToken)
    {
        EngineSettings settings = EngineSettingsFactory.Create(options, pseudonymiser, HostNames.Resolve);
        settings = settings with
        {
            Policy = settings.Policy with { ObserveFor = TimeSpan.Zero }, // nothing is refused here that would have to be got used to
            PseudonymisesUnknownSides = request.Publish is not null,
            Hep = new HepSettings { ReadsCaptured = true, FollowsClockSteps = false },
        };
        EngineRun run = new(error);
        ReplayFigures figures = new(request.ListsCalls ? OnCall : null, publishing);
        await run.ExecuteAsync(captures, settings, figures, (request.From, request.To), onRead, cancellationToken).ConfigureAwait(false);
        HasDamage = run.HasDamage;
        return new ReplayReport(
            [.. captures.Files.Select(file => file.Name)],
            run.Engine.Counters,
            figures,
            run.First,
            run.Last,
            AssumedBy(run.Settings, run.Engine),
            request.Number);

        void OnCall(Call call)
        {
            if (request.Number is null || call.Parties.Number.ToString() == request.Number)
            {
                run.Engine.Persons.NameAll(call);
                output.OnCall(call.ToRecord(run.Settings.Trunks.NameOf(call.Trunk)));
            }
        }
    }

    private ReplayAssumptions AssumedBy(EngineSettings settings, SignallingEngine engine) => new(
        [.. settings.Trunks.All.Select(trunk => trunk.Name)],
        [.. settings.Trunks.OwnHosts.Select(host => new IpEndpoint(host, 0).ToIPAddress().ToString())],
        engine.Roles.LearntPhones,
        engine.Roles.LearntTrunks,
        settings.IdentityOrder,
        options.Numbers.DefaultRegion,
        request.KeyPath is null);
}
