using System.Diagnostics;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Packaging;

public sealed class UnitFileTests
{
    [Fact]
    public async Task Unit_BySystemdsOwnJudgement_IsCleanAndWellConfined()
    {
        ProcessStartInfo start = new(RepositoryFiles.PathOf("packaging/check-unit.sh")) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process check = Process.Start(start).ShouldNotBeNull();
        string output = await check.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string error = await check.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await check.WaitForExitAsync(TestContext.Current.CancellationToken);

        check.ExitCode.ShouldBe(0, output + error);
        output.ShouldContain("exposure level");
    }

    [Fact]
    public void Unit_Settings_AreThoseTheAgentReliesOn()
    {
        string[] lines = File.ReadAllLines(RepositoryFiles.PathOf("systemd/edge-agent.service"));

        lines.ShouldContain("Type=notify");
        lines.ShouldContain("RestartPreventExitStatus=78");
        lines.ShouldContain("CapabilityBoundingSet=CAP_NET_RAW");
        lines.ShouldContain("AmbientCapabilities=CAP_NET_RAW");
        lines.ShouldContain(line => line.StartsWith("WatchdogSec=", StringComparison.Ordinal));
        lines.ShouldContain("StartLimitIntervalSec=0");
        lines.ShouldNotContain(line => line.StartsWith("ExecStartPre=", StringComparison.Ordinal)); // of another process no exit code prevents a restart
    }
}
