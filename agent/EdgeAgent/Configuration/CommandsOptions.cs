using EdgeAgent.Core.Commands;
using EdgeAgent.Core.Evidence;

namespace EdgeAgent.Configuration;

/// <summary>What the centre may ask of this agent.</summary>
public sealed class CommandsOptions
{
    /// <summary>Largest key file in bytes.</summary>
    private const int MaxKeyFileBytes = 16 * 1024;

    /// <summary>
    /// Public keys of the centre, each inline (base64 of the SubjectPublicKeyInfo) or as a PEM file; any of them may sign. Default none:
    /// only <c>ping</c> is answered.
    /// </summary>
    public IReadOnlyList<string> PublicKeys { get; set; } = [];

    /// <summary>First levels of the topics commands come by. Default <c>edgeagent/v1c</c>.</summary>
    public string TopicPrefix { get; set; } = "edgeagent/v1c";

    /// <summary>Longest command in bytes. Default 256 KiB.</summary>
    public int MaxBytes { get; set; } = 256 * 1024;

    /// <summary>Longest <c>policy</c> and <c>reports</c> in bytes; the broker is asked to deliver nothing longer. Default 8 MiB.</summary>
    public int MaxListBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>Difference between the centre's clock and ours that is tolerated. Default 5 min.</summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>A command to the whole fleet is carried out after a random time up to this one. Default 30 s.</summary>
    public TimeSpan FleetJitter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Records a second that <c>replay</c> sends again at most, so that live ones stay fresh. Default 200.</summary>
    public int ReplayPerSecond { get; set; } = 200;

    /// <summary>Pings answered a minute; further ones are passed over. Default 60.</summary>
    public int PingsPerMinute { get; set; } = 60;

    /// <summary>The limits in the form commands are checked by.</summary>
    internal CommandLimits ToLimits() => new() { MaxBytes = MaxBytes, MaxListBytes = MaxListBytes, ClockSkew = ClockSkew };

    /// <summary>Reads one key as it is written in the configuration.</summary>
    /// <returns>Null when it is none or cannot be read; <paramref name="fault"/> says why.</returns>
    internal static EvidenceKey? ReadKey(string written, out string fault)
    {
        fault = "";
        string text = written;
        if (IsFile(written))
        {
            try
            {
                FileInfo file = new(written);
                text = file.Length <= MaxKeyFileBytes ? File.ReadAllText(written) : "";
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                fault = $"\"{written}\" cannot be read: {exception.Message}";
                return null;
            }
        }

        if (EvidenceKey.TryRead(text, out EvidenceKey? key))
        {
            return key;
        }

        fault = IsFile(written)
            ? $"\"{written}\" holds no P-256 public key (BEGIN PUBLIC KEY)"
            : "is neither an absolute path nor a P-256 public key in base64";
        return null;
    }

    private static bool IsFile(string written) => written.StartsWith('/');
}
