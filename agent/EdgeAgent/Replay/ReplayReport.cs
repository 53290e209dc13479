using EdgeAgent.Core;
using EdgeAgent.Core.Calls;

namespace EdgeAgent.Replay;

/// <summary>All that is printed after a replay, whatever the format.</summary>
/// <param name="Files">Names of the files read, in the order read.</param>
/// <param name="Counters">What the engine saw.</param>
/// <param name="Figures">What came of it.</param>
/// <param name="First">Time of the first packet, null when there was none.</param>
/// <param name="Last">Time of the last packet, null when there was none.</param>
/// <param name="Assumed">What was taken for granted.</param>
/// <param name="Number">Only this number is shown, null for all.</param>
internal sealed record ReplayReport(
    IReadOnlyList<string> Files,
    EngineCounters Counters,
    ReplayFigures Figures,
    DateTimeOffset? First,
    DateTimeOffset? Last,
    ReplayAssumptions Assumed,
    string? Number);

/// <summary>What a replay took for granted, so that a reader can disagree.</summary>
/// <param name="Trunks">Trunks with their hosts; empty: every dialog counts once, under the caller.</param>
/// <param name="OwnHosts">Addresses inside a trunk's range taken for this PBX.</param>
/// <param name="LearntPhones">Phones learnt from registrations and traffic.</param>
/// <param name="LearntTrunks">Carriers learnt from registrations.</param>
/// <param name="IdentityOrder">Headers the caller ID was taken from.</param>
/// <param name="DefaultRegion">Region of numbers without country code.</param>
/// <param name="HasRunKey">Pseudonyms use a key of this run and match no other run's.</param>
internal sealed record ReplayAssumptions(
    IReadOnlyList<string> Trunks,
    IReadOnlyList<string> OwnHosts,
    int LearntPhones,
    int LearntTrunks,
    IReadOnlyList<IdentitySource> IdentityOrder,
    string DefaultRegion,
    bool HasRunKey);
