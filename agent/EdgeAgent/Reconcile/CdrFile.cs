namespace EdgeAgent.Reconcile;

/// <summary>What a file of calls holds.</summary>
internal sealed class CdrFile
{
    /// <summary>Faults named one by one; further ones are counted.</summary>
    public const int MaxFaults = 100;

    private const int MaxChannels = 1_000;

    private readonly List<CdrFault> _faults = [];
    private readonly Dictionary<string, long> _channels = new(StringComparer.Ordinal);

    /// <summary>Rows, a header not counted.</summary>
    public long Rows { get; set; }

    /// <summary>Calls that count, by caller ID, each in order of their start.</summary>
    public Dictionary<string, List<CdrCall>> Calls { get; } = new(StringComparer.Ordinal);

    /// <summary>How many those are.</summary>
    public int Count { get; private set; }

    /// <summary>Rows whose channel is no trunk's.</summary>
    public long PassedOver { get; private set; }

    /// <summary>Rows that could not be read.</summary>
    public long Unreadable { get; private set; }

    /// <summary>The first of them.</summary>
    public IReadOnlyList<CdrFault> Faults => _faults;

    /// <summary>Channels of rows passed over, by name without the running number, most frequent first. No numbers of persons.</summary>
    public IEnumerable<KeyValuePair<string, long>> Channels => _channels.OrderByDescending(channel => channel.Value).ThenBy(channel => channel.Key, StringComparer.Ordinal);

    /// <summary>Takes a call.</summary>
    /// <exception cref="CommandException">There are too many (exit 65).</exception>
    public void Add(string caller, in CdrCall call)
    {
        if (++Count > CdrReader.MaxCalls)
        {
            throw new CommandException(ExitCode.BadInput, $"the file holds more than {CdrReader.MaxCalls} calls; divide it by days");
        }

        if (!Calls.TryGetValue(caller, out List<CdrCall>? calls))
        {
            Calls[caller] = calls = [];
        }

        calls.Add(call);
    }

    /// <summary>Notes a row that cannot be read.</summary>
    public void Fault(long line, string cause)
    {
        Unreadable++;
        if (_faults.Count < MaxFaults)
        {
            _faults.Add(new CdrFault(line, cause));
        }
    }

    /// <summary>Notes a row that is no outbound call.</summary>
    public void PassOver(string channel)
    {
        PassedOver++;
        int end = channel.LastIndexOf('-');
        string name = end > 0 ? channel[..end] : channel;

        // Local/0639…@context and PJSIP/0639… name persons.
        if (name.Count(char.IsAsciiDigit) < 6 && (_channels.ContainsKey(name) || _channels.Count < MaxChannels))
        {
            _channels[name] = _channels.GetValueOrDefault(name) + 1;
        }
    }
}
