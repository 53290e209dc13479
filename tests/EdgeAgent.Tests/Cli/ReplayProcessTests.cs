using System.IO.Compression;
using System.Runtime.InteropServices;
using EdgeAgent.Tests.Packaging;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Cli;

/// <summary><c>replay</c> at the end of a pipe.</summary>
public sealed class ReplayProcessTests
{
    /// <summary>More than a pipe holds (64 KiB): when it has been written, the agent has begun to read.</summary>
    private const int BeginningBytes = 300_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Replay_InterruptedWhileItsInputGoesOn_ReportsTheWholeInput()
    {
        byte[] capture = await DemoAsync();
        using AgentProcess agent = AgentProcess.Start(["replay", "--trunk", "10.20.0.0/24", "-"]);
        await agent.Input.WriteAsync(capture.AsMemory(0, BeginningBytes), Token);

        await agent.SignalAsync(PosixSignal.SIGINT, Token);
        await agent.Input.WriteAsync(capture.AsMemory(BeginningBytes), Token);
        await agent.Input.DisposeAsync();

        (await agent.ExitAsync(Token)).ShouldBe(ExitCode.Ok, agent.Error);
        agent.Output.ShouldContain("1,433 packets");
    }

    [Fact]
    public async Task Replay_InterruptedAgainAndAgain_Ends()
    {
        byte[] capture = await DemoAsync();
        using AgentProcess agent = AgentProcess.Start(["replay", "-"]);
        await agent.Input.WriteAsync(capture.AsMemory(0, BeginningBytes), Token);

        // Two signals sent at once may arrive as one.
        Task<int> exit = agent.ExitAsync(Token);
        while (!exit.IsCompleted)
        {
            await Task.WhenAny(exit, agent.SignalAsync(PosixSignal.SIGINT, Token));
        }

        (await exit).ShouldNotBe(ExitCode.Ok);
        agent.Output.ShouldNotContain("packets");
    }

    private static async Task<byte[]> DemoAsync()
    {
        FileStream file = File.OpenRead(RepositoryFiles.PathOf("tests/captures/demo-two-campaigns.pcap.gz"));
        await using GZipStream unpacked = new(file, CompressionMode.Decompress);
        using MemoryStream whole = new();
        await unpacked.CopyToAsync(whole, Token);
        return whole.ToArray();
    }
}
