using EdgeAgent.Core.Hep;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Sip;

namespace EdgeAgent.Core;

/// <summary>What an engine saw since it was built. Written by the signalling thread only.</summary>
public sealed class EngineCounters
{
    private readonly long[] _rejections = new long[Enum.GetValues<SipRejection>().Length];
    private readonly long[] _hepRejections = new long[Enum.GetValues<HepRejection>().Length];
    private readonly long[] _dissections = new long[Enum.GetValues<DissectResult>().Length];

    /// <summary>Packets of any kind.</summary>
    public long Packets { get; set; }

    /// <summary>Their length on the wire, in bytes.</summary>
    public long Bytes { get; set; }

    /// <summary>SIP messages parsed.</summary>
    public long SipMessages { get; set; }

    /// <summary>HEP packets, those without SIP included.</summary>
    public long HepPackets { get; set; }

    /// <summary>SIP messages that repeat one already seen.</summary>
    public long Retransmissions { get; set; }

    /// <summary>Capture quality, summed.</summary>
    public CaptureQuality Quality { get; } = new();

    /// <summary>Causes for which bytes were refused, camelCase, with their counts; zeros are left out. Frames that are not IP, and IP that is
    /// neither UDP nor TCP, are no refusals.</summary>
    public IReadOnlyDictionary<string, long> Rejected
    {
        get
        {
            SortedDictionary<string, long> causes = new(StringComparer.Ordinal);
            AddCauses<SipRejection>(causes, _rejections);
            AddCauses<HepRejection>(causes, _hepRejections);
            AddCauses<DissectResult>(causes, _dissections);
            causes.Remove(CamelCase(nameof(DissectResult.NotIp)));
            causes.Remove(CamelCase(nameof(DissectResult.OtherProtocol)));
            return causes;
        }
    }

    /// <summary>Counts a refused message.</summary>
    public void Add(SipRejection cause) => _rejections[(int)cause]++;

    /// <summary>Counts a HEP packet without a SIP message.</summary>
    public void Add(HepRejection cause) => _hepRejections[(int)cause]++;

    /// <summary>Counts frames without payload.</summary>
    public void Add(DissectResult cause, long frames) => _dissections[(int)cause] += frames;

    /// <summary>Goes on counting where another engine of the same process left off.</summary>
    public void GoOnFrom(EngineCounters earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        Packets += earlier.Packets;
        Bytes += earlier.Bytes;
        SipMessages += earlier.SipMessages;
        HepPackets += earlier.HepPackets;
        Retransmissions += earlier.Retransmissions;
        Quality.Add(earlier.Quality);
        for (int i = 0; i < _rejections.Length; i++)
        {
            _rejections[i] += earlier._rejections[i];
        }

        for (int i = 0; i < _hepRejections.Length; i++)
        {
            _hepRejections[i] += earlier._hepRejections[i];
        }

        for (int i = 0; i < _dissections.Length; i++)
        {
            _dissections[i] += earlier._dissections[i];
        }
    }

    private static void AddCauses<T>(SortedDictionary<string, long> causes, long[] counts)
        where T : struct, Enum
    {
        for (int i = 0; i < counts.Length; i++)
        {
            if (counts[i] > 0)
            {
                causes[CamelCase(Enum.GetName((T)Enum.ToObject(typeof(T), i))!)] = counts[i];
            }
        }
    }

    private static string CamelCase(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
