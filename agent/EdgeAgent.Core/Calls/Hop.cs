using EdgeAgent.Core.Packets;

namespace EdgeAgent.Core.Calls;

/// <summary>Between whom a message passed, and which of the two is a trunk.</summary>
/// <param name="Source">Sender.</param>
/// <param name="Destination">Receiver.</param>
/// <param name="Trunk">Index of the trunk at one end, -1 for none.</param>
/// <param name="IsTowardTrunk">The trunk is the receiver.</param>
public readonly record struct Hop(IpEndpoint Source, IpEndpoint Destination, int Trunk, bool IsTowardTrunk)
{
    /// <summary>Looks both ends up.</summary>
    public static Hop Of(TrunkTable trunks, IpEndpoint source, IpEndpoint destination)
    {
        ArgumentNullException.ThrowIfNull(trunks);
        if (trunks.IsEmpty)
        {
            return new Hop(source, destination, -1, false);
        }

        int trunk = trunks.Match(destination);
        return trunk >= 0
            ? new Hop(source, destination, trunk, true)
            : new Hop(source, destination, trunks.Match(source), false);
    }
}
