using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Forward;

/// <summary>A real broker on a free loopback port, with a configuration of its own.</summary>
internal sealed class Mosquitto : IAsyncDisposable
{
    private const string Program = "/usr/sbin/mosquitto";

    private readonly string _directory = Directory.CreateTempSubdirectory("edge-agent-mosquitto-").FullName;
    private readonly string[] _configuration;
    private Process? _process;

    private Mosquitto(string[] configuration)
    {
        _configuration = configuration;
        Port = FreePort();
    }

    public int Port { get; }

    public string Url => $"mqtt://127.0.0.1:{Port}";

    /// <summary>Its address with another scheme.</summary>
    public string UrlWith(string scheme) => $"{scheme}://127.0.0.1:{Port}";

    /// <summary>Starts one; <paramref name="configuration"/> are further lines of its file.</summary>
    public static async Task<Mosquitto> StartAsync(params string[] configuration)
    {
        File.Exists(Program).ShouldBeTrue($"{Program} is needed: install the package mosquitto");
        Mosquitto broker = new(configuration);
        await broker.StartAgainAsync();
        return broker;
    }

    /// <summary>Starts it on the same port with what it had kept.</summary>
    public async Task StartAgainAsync()
    {
        string file = Path.Combine(_directory, "mosquitto.conf");
        string[] own =
        [
            $"user {Environment.UserName}", // as root it would change to a user that cannot read the test's files
            $"listener {Port} 127.0.0.1",
            "persistence true",
            $"persistence_location {_directory}/",
            "max_queued_messages 0",
        ];
        string[] access = _configuration.Any(line => line.StartsWith("allow_anonymous", StringComparison.Ordinal)) ? [] : ["allow_anonymous true"];
        await File.WriteAllLinesAsync(file, [.. own, .. access, .. _configuration], TestContext.Current.CancellationToken);
        _process = Process.Start(new ProcessStartInfo(Program, ["-c", file]) { RedirectStandardError = true })!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        await Store.Eventually.TrueAsync(IsListening, "mosquitto listens");
    }

    /// <summary>Asks it to end, so that it writes what it keeps.</summary>
    public async Task StopAsync()
    {
        using Process signal = Process.Start("kill", $"-TERM {_process!.Id}");
        await signal.WaitForExitAsync(CancellationToken.None);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _process = null;
    }

    /// <summary>Kills it and removes what it had kept.</summary>
    public async Task LoseMemoryAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _process = null;
        File.Delete(Path.Combine(_directory, "mosquitto.db"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await StopAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }

    internal static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private bool IsListening()
    {
        _process!.HasExited.ShouldBeFalse("mosquitto ended at once");
        using TcpClient client = new();
        try
        {
            client.Connect(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
