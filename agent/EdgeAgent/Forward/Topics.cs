namespace EdgeAgent.Forward;

/// <summary>Topics of one agent (packaging/mqtt): <c>&lt;prefix&gt;/&lt;agent&gt;/…</c>.</summary>
internal sealed class Topics(string prefix, string agentId)
{
    private readonly string _base = $"{prefix}/{agentId}/";

    /// <summary>First levels of every topic that goes out.</summary>
    public string Prefix => prefix;

    /// <summary>Retained: online, stopping, offline.</summary>
    public string Status => _base + "status";

    /// <summary>Retained: what the agent is and how it is set.</summary>
    public string Info => _base + "info";

    /// <summary>Retained: how it does, once a minute.</summary>
    public string Health => _base + "health";

    /// <summary>Answers to a command.</summary>
    public string Reply(string name) => $"{_base}reply/{name}";

    /// <summary>A sequenced record's topic.</summary>
    public string Record(string suffix) => _base + suffix;

    /// <summary>Retained: a number's totals of the day.</summary>
    public string Number(string level) => $"{_base}number/{level}";
}
