using System.CommandLine;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using EdgeAgent.Capture;
using EdgeAgent.Configuration;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Store;

namespace EdgeAgent.Cli;

/// <summary>What the commands that read captures have in common: options, configuration, files, key.</summary>
internal static class CaptureInput
{
    /// <summary>Configuration, not needed.</summary>
    public static Option<string?> Config() =>
        new("--config", "-c") { Description = "Configuration file; without it the defaults hold", HelpName = "FILE" };

    /// <summary>Trunks in place of the configured ones.</summary>
    public static Option<string[]> Trunks() => new("--trunk", "-t")
    {
        Description = "Carrier's address or network, in place of the configured trunks; may be repeated",
        HelpName = "CIDR",
    };

    /// <summary>File of the pseudonym key.</summary>
    public static Option<string?> KeyFile() => new("--key")
    {
        Description = "Pseudonym key; made when it does not exist. Without it a key of this run is used",
        HelpName = "FILE",
    };

    /// <summary>The configuration with <paramref name="trunks"/> in place of its own; null when it is faulty, which was reported.</summary>
    public static AgentOptions? LoadOptions(string? configPath, IReadOnlyList<string> trunks, TextWriter error)
    {
        LoadResult loaded = configPath is not null
            ? ConfigurationLoader.Load(configPath, ConfigurationUse.Replay)
            : ConfigurationLoader.Defaults(ConfigurationUse.Replay);
        ConfigurationReport.Write(loaded.Faults, configPath ?? "environment", error);
        if (loaded.Options is not { } options)
        {
            return null;
        }

        foreach (string trunk in trunks)
        {
            if (!HostPattern.TryParse(trunk, out _, out string fault))
            {
                throw new CommandException(ExitCode.Usage, $"--trunk \"{trunk}\" {fault}");
            }
        }

        if (trunks.Count > 0)
        {
            options.Trunks = [.. trunks.Select(trunk => new TrunkOptions { Name = trunk, Hosts = [trunk] })];
        }

        return options;
    }

    /// <summary>The captures behind <paramref name="paths"/>; what is none in a directory is named on standard error.</summary>
    public static async Task<CaptureSet> FindAsync(IReadOnlyList<string> paths, TextWriter error, CancellationToken cancellationToken)
    {
        try
        {
            CaptureSet captures =
                await CaptureSet.ResolveAsync(paths, Console.OpenStandardInput, cancellationToken).ConfigureAwait(false);
            foreach (string skipped in captures.Skipped)
            {
                await error.WriteLineAsync($"edge-agent: {skipped}: no capture, passed over").ConfigureAwait(false);
            }

            return captures;
        }
        catch (CaptureSourceException fault)
        {
            throw new CommandException(ExitCode.BadInput, fault.Message, fault);
        }
    }

    /// <summary>The key in a file, or one of this run only.</summary>
    public static byte[] Key(string? path) =>
        path is null ? RandomNumberGenerator.GetBytes(PersonPseudonymiser.KeyBytes) : PseudonymKeyFile.LoadOrCreate(path);

    /// <summary>
    /// Ctrl-C reaches both ends of <c>tcpdump -w - | edge-agent replay -</c>: tcpdump ends, and with it our input; what came is to be
    /// reported. A second one ends us too. Null where standard input is not read.
    /// </summary>
    public static PosixSignalRegistration? OutliveFirstInterrupt(IReadOnlyList<string> paths)
    {
        if (!paths.Contains(CaptureSet.StandardInput))
        {
            return null;
        }

        int interrupts = 0;
        return PosixSignalRegistration.Create(
            PosixSignal.SIGINT, signal => signal.Cancel = Interlocked.Increment(ref interrupts) == 1);
    }
}
