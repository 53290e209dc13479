using EdgeAgent.Core;
using EdgeAgent.Core.Anonymise;
using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Sip;

namespace EdgeAgent.Anonymise;

/// <summary>First reading: learns every number and address, so that none of them comes back as the replacement of another.</summary>
/// <param name="mask">Learns.</param>
internal sealed class LearningTap(MessageMask mask) : ISipTap
{
    /// <summary>Messages learnt from.</summary>
    public long Messages { get; private set; }

    /// <summary>Payloads on SIP ports that are no SIP.</summary>
    public long Others { get; private set; }

    /// <summary>Whether bytes are a SIP message at all; what is none cannot be anonymised and is left out.</summary>
    public static bool IsSip(ReadOnlySpan<byte> bytes) => SipFramer.LooksLikeStart(bytes.TrimStart("\r\n"u8));

    /// <inheritdoc/>
    public void OnSip(ReadOnlySpan<byte> bytes, TransportProtocol transport, IpEndpoint source, IpEndpoint destination, DateTimeOffset at)
    {
        if (!IsSip(bytes))
        {
            Others++;
            return;
        }

        Messages++;
        mask.Learn(source.Address);
        mask.Learn(destination.Address);
        mask.Learn(bytes);
    }
}
