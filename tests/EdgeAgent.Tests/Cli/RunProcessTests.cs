using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using EdgeAgent.Tests.Configuration;
using EdgeAgent.Tests.Telemetry;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Cli;

/// <summary>The daemon as a process, from start to exit code. Its one source is the loopback interface.</summary>
public sealed class RunProcessTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly NotifyListener _listener;

    public RunProcessTests()
    {
        _listener = new NotifyListener(_directory.File("notify"));
        Write("");
    }

    private string Config => _directory.File("agent.yaml");

    private string Socket => _directory.File("agent.sock");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_StartReloadStop_TellsTheServiceManagerAndExits0()
    {
        using AgentProcess agent = Start(new Dictionary<string, string> { ["WATCHDOG_USEC"] = "4000000" });
        await _listener.WaitForAsync("READY=1", Token);
        SocketMode().ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
        await _listener.WaitForAsync("WATCHDOG=1", Token);

        await agent.SignalAsync(PosixSignal.SIGHUP, Token);
        await _listener.WaitForAsync("RELOADING=1", Token);
        await _listener.WaitForAsync("READY=1", Token);

        long start = Stopwatch.GetTimestamp();
        await agent.SignalAsync(PosixSignal.SIGTERM, Token);
        await _listener.WaitForAsync("STOPPING=1", Token);
        (await agent.ExitAsync(Token)).ShouldBe(ExitCode.Ok, agent.Error);
        Stopwatch.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(5));
        File.Exists(Socket).ShouldBeFalse();
    }

    [Fact]
    public async Task Run_FaultyReload_KeepsTheOldConfigurationAndShowsTheFaults()
    {
        using AgentProcess agent = Start();
        await _listener.WaitForAsync("READY=1", Token);
        using JsonDocument before = await StatusAsync();

        Write("limits: {maxCalls: lots}\n");
        await agent.SignalAsync(PosixSignal.SIGHUP, Token);
        await _listener.WaitForAsync("READY=1", Token);
        using JsonDocument after = await StatusAsync();

        JsonElement old = before.RootElement.GetProperty("configuration");
        JsonElement now = after.RootElement.GetProperty("configuration");
        now.GetProperty("sha256").GetString().ShouldBe(old.GetProperty("sha256").GetString());
        now.GetProperty("refusedFaults")[0].GetString().ShouldNotBeNull().ShouldContain("limits.maxCalls");
        after.RootElement.GetProperty("state").GetString().ShouldBe("degraded");

        Write("limits: {maxCalls: 1000}\n");
        await agent.SignalAsync(PosixSignal.SIGHUP, Token);
        await _listener.WaitForAsync("READY=1", Token);
        using JsonDocument taken = await StatusAsync();
        taken.RootElement.GetProperty("configuration").GetProperty("refusedFaults").GetArrayLength().ShouldBe(0);
        taken.RootElement.GetProperty("configuration").GetProperty("sha256").GetString()
            .ShouldNotBe(old.GetProperty("sha256").GetString());
    }

    [Theory]
    [InlineData("run")]
    [InlineData("validate")]
    public async Task Run_FilesMayNotGrowToTheQuota_Exits78(string command)
    {
        EndToEnd.ProcessRun run = await EndToEnd.ProcessRun.RunAsync(
            "/bin/bash", ["-c", "ulimit -S -f 65536; exec \"$0\" \"$@\"", EndToEnd.AgentBinary.Path, command, "--config", Config], TimeSpan.FromMinutes(1), Token); // KiB

        run.ExitCode.ShouldBe(ExitCode.Config);
        run.Error.ShouldContain(
            "store.quotaBytes: is 268435456 bytes, and this process may write files of 67108864 bytes only: raise the limit (ulimit -f, LimitFSIZE=)");
    }

    [Fact]
    public async Task Run_FaultyConfiguration_Exits78WithTheFaultsOnStandardError()
    {
        Write("limits: {maxCalls: lots}\nmqt: {}\nagentId: X\n");
        using AgentProcess agent = Start();

        (await agent.ExitAsync(Token)).ShouldBe(ExitCode.Config);

        agent.Error.ShouldContain("limits.maxCalls");
        agent.Error.ShouldContain("agentId");
        agent.Error.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task Run_VariableOverTheFile_IsInForce()
    {
        using AgentProcess agent = Start(new Dictionary<string, string> { ["EDGEAGENT__AGENTID"] = "from-environment" });
        await _listener.WaitForAsync("READY=1", Token);

        using JsonDocument status = await StatusAsync();

        status.RootElement.GetProperty("agentId").GetString().ShouldBe("from-environment");
    }

    [Fact]
    public async Task Run_SocketOfADeadAgent_IsReplaced()
    {
        using (Socket dead = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(_directory.File("other.sock")));
            File.Move(_directory.File("other.sock"), Socket); // so that closing it leaves the file, as a kill -9 does
        }

        using AgentProcess agent = Start();
        await _listener.WaitForAsync("READY=1", Token);

        using JsonDocument status = await StatusAsync();
        status.RootElement.GetProperty("processId").GetInt32().ShouldBe(agent.Id);
    }

    [Fact]
    public async Task Run_SecondAgentOnTheSameSocket_Exits69AndLeavesTheFirstAlone()
    {
        using AgentProcess first = Start();
        await _listener.WaitForAsync("READY=1", Token);

        using AgentProcess second = Start();

        (await second.ExitAsync(Token)).ShouldBe(ExitCode.Unavailable);
        second.Error.ShouldContain("another edge-agent");
        using JsonDocument status = await StatusAsync();
        status.RootElement.GetProperty("processId").GetInt32().ShouldBe(first.Id);
    }

    [Fact]
    public async Task Run_StoreOfAnotherAgent_Exits69()
    {
        using AgentProcess first = Start();
        await _listener.WaitForAsync("READY=1", Token);

        using AgentProcess second = Start(new Dictionary<string, string> { ["EDGEAGENT__CONTROLSOCKET"] = _directory.File("second.sock") });

        (await second.ExitAsync(Token)).ShouldBe(ExitCode.Unavailable);
        second.Error.ShouldContain(_directory.File("store"));
    }

    [Fact]
    public async Task Run_InterfaceThatDoesNotExist_Exits69WithoutATrace()
    {
        using AgentProcess agent = Start(new Dictionary<string, string> { ["EDGEAGENT__SOURCES__LIVE__0__INTERFACE"] = "nowhere9" });

        (await agent.ExitAsync(Token)).ShouldBe(ExitCode.Unavailable);

        agent.Error.ShouldContain("'nowhere9'");
        (agent.Output + agent.Error).ShouldNotContain("   at ");
    }

    public void Dispose()
    {
        _listener.Dispose();
        _directory.Dispose();
    }

    [System.Runtime.Versioning.UnsupportedOSPlatformGuard("windows")]
    private static bool IsUnix => !OperatingSystem.IsWindows();

    private UnixFileMode SocketMode() => IsUnix ? File.GetUnixFileMode(Socket) : throw new PlatformNotSupportedException();

    private void Write(string more) => File.WriteAllText(
        Config,
        $$"""
        sources: {live: [{interface: lo}]}
        store: {directory: "{{_directory.File("store")}}"}
        controlSocket: "{{Socket}}"
        {{more}}
        """);

    private AgentProcess Start(Dictionary<string, string>? variables = null) => AgentProcess.Start(
        ["run", "--config", Config],
        new Dictionary<string, string>(variables ?? []) { ["NOTIFY_SOCKET"] = _listener.Path });

    private async Task<JsonDocument> StatusAsync()
    {
        using AgentProcess status = AgentProcess.Start(["status", "--json", "--socket", Socket]);
        (await status.ExitAsync(Token)).ShouldBeOneOf(ExitCode.Ok, ExitCode.Degraded);
        return JsonDocument.Parse(status.Output);
    }
}
