using EdgeAgent.Core.Guard.Policy;

namespace EdgeAgent.Configuration;

/// <summary>What no single key can know: whether the options fit each other and the host.</summary>
/// <param name="originOf">Says where the value of a configuration path stands.</param>
internal sealed class ConfigurationChecks(Func<string, string?> originOf)
{
    private readonly List<ConfigurationFault> _faults = [];

    /// <summary>Everything found.</summary>
    public IReadOnlyList<ConfigurationFault> Faults => _faults;

    /// <summary>Looks at the whole.</summary>
    public void Check(AgentOptions options, ConfigurationUse use, IReadOnlyDictionary<string, string> environment)
    {
        CheckTrunks(options.Trunks);
        CheckPhones(options);
        CheckPolicy(options);
        CheckRepeats(options);
        CheckBrokers(options.Mqtt);
        CheckCommands(options, use);
        if (use == ConfigurationUse.Run)
        {
            CheckSources(options.Sources);
            CheckFiles("mqtt", options.Mqtt, environment);
            CheckFiles("mqtt.standby", options.Mqtt.Standby, environment);
            options.Store.SigningKeyFile = Credential("store.signingKeyFile", options.Store.SigningKeyFile, environment);
            options.Store.FormerSigningKeyFile = Credential("store.formerSigningKeyFile", options.Store.FormerSigningKeyFile, environment);
            options.Sources.Hep.KeyFile = Credential("sources.hep.keyFile", options.Sources.Hep.KeyFile, environment);
        }
    }

    private void CheckTrunks(IReadOnlyList<TrunkOptions> trunks)
    {
        for (int i = 0; i < trunks.Count; i++)
        {
            TrunkOptions trunk = trunks[i];
            if (trunk.Name.Length == 0)
            {
                Error($"trunks[{i}].name", "is missing");
            }
            else if (trunks.Take(i).Any(t => string.Equals(t.Name, trunk.Name, StringComparison.OrdinalIgnoreCase)))
            {
                Error($"trunks[{i}].name", $"\"{trunk.Name}\" is the name of another trunk too");
            }

            if (trunk.Hosts.Count == 0)
            {
                Error($"trunks[{i}].hosts", "names no host");
            }

            for (int other = 0; other < i; other++)
            {
                CheckOverlap(trunks, i, other);
            }
        }
    }

    private void CheckOverlap(IReadOnlyList<TrunkOptions> trunks, int i, int other)
    {
        TrunkOptions trunk = trunks[i];
        if (trunk.Port is not null && trunks[other].Port is not null && trunk.Port != trunks[other].Port)
        {
            return;
        }

        bool samePort = trunk.Port == trunks[other].Port;
        for (int h = 0; h < trunk.Hosts.Count; h++)
        {
            foreach (string host in trunks[other].Hosts)
            {
                if (samePort && Same(trunk.Hosts[h], host))
                {
                    Error($"trunks[{i}].hosts[{h}]", $"\"{trunk.Hosts[h]}\" is also a host of trunk \"{trunks[other].Name}\"");
                }
                else if (Overlap(trunk.Hosts[h], host))
                {
                    Warning(
                        $"trunks[{i}].hosts[{h}]",
                        $"\"{trunk.Hosts[h]}\" overlaps \"{host}\" of trunk \"{trunks[other].Name}\": the narrower one counts");
                }
            }
        }
    }

    private void CheckPhones(AgentOptions options)
    {
        for (int p = 0; p < options.Phones.Count; p++)
        {
            foreach (TrunkOptions trunk in options.Trunks)
            {
                foreach (string host in trunk.Hosts.Where(host => Overlap(host, options.Phones[p])))
                {
                    if (Same(host, options.Phones[p]))
                    {
                        Error($"phones[{p}]", $"\"{options.Phones[p]}\" is also a host of trunk \"{trunk.Name}\"");
                    }
                    else
                    {
                        Warning($"phones[{p}]", $"\"{options.Phones[p]}\" overlaps \"{host}\" of trunk \"{trunk.Name}\": the trunk counts");
                    }
                }
            }
        }
    }

    private void CheckPolicy(AgentOptions options)
    {
        foreach (TrunkAssignment trunk in options.Policy.Policy?.Trunks ?? [])
        {
            if (options.Trunks.All(configured => configured.Name != trunk.Trunk))
            {
                Warning("guards.policyFile", $"the policy assigns trunk \"{trunk.Trunk}\", which is no trunk here");
            }
        }
    }

    private void CheckRepeats(AgentOptions options)
    {
        Unrepeated("identity.order", options.Identity.Order);
        Unrepeated("sources.ports", options.Sources.Ports);
        Unrepeated("sources.tunnels", options.Sources.Tunnels);
        Unrepeated("sources.hep.listen", options.Sources.Hep.Listen);
        Unrepeated("sources.hep.allow", options.Sources.Hep.Allow);
        Unrepeated("numbers.registered", options.Numbers.Registered);
        Unrepeated("sources.live", [.. options.Sources.Live.Select(l => l.Interface).Where(name => name.Length > 0)]);
        for (int i = 0; i < options.Trunks.Count; i++)
        {
            Unrepeated($"trunks[{i}].identity", options.Trunks[i].Identity);
        }
    }

    private void Unrepeated<T>(string key, IReadOnlyList<T> values)
    {
        foreach (IGrouping<T, T> repeated in values.GroupBy(v => v).Where(g => g.Skip(1).Any()))
        {
            Error(key, $"\"{repeated.Key}\" is given more than once");
        }
    }

    private void CheckBrokers(MqttOptions mqtt)
    {
        CheckBroker("mqtt", mqtt);
        CheckBroker("mqtt.standby", mqtt.Standby);
        if (mqtt.Standby.Url.Length > 0 && mqtt.Url.Length == 0)
        {
            Error("mqtt.standby.url", "is given, but mqtt.url is not");
        }
        else if (mqtt.Standby.Url.Length > 0 && string.Equals(mqtt.Standby.Url, mqtt.Url, StringComparison.OrdinalIgnoreCase))
        {
            Error("mqtt.standby.url", $"\"{mqtt.Url}\" is mqtt.url too: a second broker has another address");
        }
        else if (mqtt.Standby.Url.Length == 0 && mqtt.Standby != new StandbyBrokerOptions())
        {
            Error("mqtt.standby.url", "is missing, but other keys of mqtt.standby are given");
        }
    }

    private void CheckBroker(string key, BrokerOptions broker)
    {
        if (broker.Tls.IsGiven && broker.Url.Length > 0 && !broker.IsEncrypted)
        {
            Error($"{key}.tls", $"is given, but {key}.url begins neither with mqtts:// nor with wss://");
        }

        if (broker.Tls.ClientCertificateFile.Length > 0 != broker.Tls.ClientKeyFile.Length > 0)
        {
            Error($"{key}.tls", "needs clientCertificateFile and clientKeyFile together");
        }

        if (broker.RequireSubscriber && broker.Protocol == "3.1.1")
        {
            Error($"{key}.requireSubscriber", "is true, but only MQTT 5 tells whether somebody subscribes: protocol must be auto or 5");
        }

        if (broker.Url.Length > 0 && !broker.IsEncrypted && (broker.Username.Length > 0 || broker.PasswordFile.Length > 0))
        {
            Warning($"{key}.url", "is not encrypted: user name and password cross the network in clear");
        }
    }

    private void CheckCommands(AgentOptions options, ConfigurationUse use)
    {
        CommandsOptions commands = options.Commands;
        for (int i = 0; i < commands.PublicKeys.Count; i++)
        {
            bool isOfTheHost = commands.PublicKeys[i].StartsWith('/'); // a file need not be there where captures are read
            string fault = "";
            using Core.Evidence.EvidenceKey? key = isOfTheHost && use != ConfigurationUse.Run
                ? null
                : CommandsOptions.ReadKey(commands.PublicKeys[i], out fault);
            if (fault.Length > 0)
            {
                Error($"commands.publicKeys[{i}]", fault);
            }
        }

        Unrepeated("commands.publicKeys", commands.PublicKeys);
        bool isNested = IsBelow(commands.TopicPrefix, options.Mqtt.TopicPrefix) || IsBelow(options.Mqtt.TopicPrefix, commands.TopicPrefix);
        if (isNested)
        {
            Error("commands.topicPrefix", $"\"{commands.TopicPrefix}\" and mqtt.topicPrefix share a tree: what goes out could come in as a command");
        }
    }

    private static bool IsBelow(string topic, string prefix) => $"{topic}/".StartsWith($"{prefix}/", StringComparison.Ordinal);

    private void CheckSources(SourcesOptions sources)
    {
        if (sources.Live.Count == 0 && sources.Hep.Listen.Count == 0)
        {
            Error("sources.live", "names no interface, nor does sources.hep.listen an address: the agent would see nothing (interface: any takes all)");
        }

        if (sources.Hep.Listen.Count == 0 && (sources.Hep.Allow.Count > 0 || sources.Hep.KeyFile.Length > 0))
        {
            Error("sources.hep.listen", "names no address, but sources.hep.allow or sources.hep.keyFile is given");
        }

        for (int i = 0; i < sources.Live.Count; i++)
        {
            if (sources.Live[i].Interface.Length == 0)
            {
                Error($"sources.live[{i}].interface", "is missing");
            }
            else if (sources.Live.Count > 1 && sources.Live[i].Interface == "any")
            {
                Warning($"sources.live[{i}].interface", "\"any\" takes every interface already; the others are read twice");
            }
        }
    }

    private void CheckFiles(string key, BrokerOptions broker, IReadOnlyDictionary<string, string> environment)
    {
        FileExists($"{key}.tls.caFile", broker.Tls.CaFile);
        FileExists($"{key}.tls.clientCertificateFile", broker.Tls.ClientCertificateFile);
        FileExists($"{key}.tls.clientKeyFile", broker.Tls.ClientKeyFile);
        broker.PasswordFile = Credential($"{key}.passwordFile", broker.PasswordFile, environment);
    }

    /// <summary>The path of a secret: as it stands, or under systemd's directory for this service.</summary>
    private string Credential(string key, string file, IReadOnlyDictionary<string, string> environment)
    {
        if (file.Length > 0 && file[0] != '/')
        {
            if (!environment.TryGetValue("CREDENTIALS_DIRECTORY", out string? directory) || directory.Length == 0)
            {
                Warning(key, $"credential \"{file}\" is only there under systemd (LoadCredential=); not checked");
                return file;
            }

            file = Path.Combine(directory, file);
        }

        FileExists(key, file);
        return file;
    }

    private void FileExists(string key, string path)
    {
        if (path.Length > 0 && !File.Exists(path))
        {
            Error(key, $"\"{path}\" does not exist, or this user may not see it");
        }
    }

    private void Error(string key, string message) => _faults.Add(new ConfigurationFault(key, message, Origin(key)));

    private void Warning(string key, string message) => _faults.Add(new ConfigurationFault(key, message, Origin(key), FaultSeverity.Warning));

    private string? Origin(string key) => originOf(key.Replace('.', ':').Replace('[', ':').Replace("]", "", StringComparison.Ordinal));

    private static bool Same(string a, string b) =>
        HostPattern.TryParse(a, out HostPattern x, out _) && HostPattern.TryParse(b, out HostPattern y, out _)
        && (x.Network is null ? string.Equals(x.HostName, y.HostName, StringComparison.OrdinalIgnoreCase) : x.Network.Equals(y.Network));

    private static bool Overlap(string a, string b) =>
        HostPattern.TryParse(a, out HostPattern x, out _) && HostPattern.TryParse(b, out HostPattern y, out _) && x.Overlaps(y);
}
