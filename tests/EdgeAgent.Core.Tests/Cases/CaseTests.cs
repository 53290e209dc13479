using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Tests.Calls;
using EdgeAgent.Core.Tests.Sip;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Cases;

/// <summary>The numbered cases: captures that anyone can replay, each with what must be counted and why.</summary>
public sealed class CaseTests
{
    /// <summary>Set, the captures are written in place of being compared: <c>EDGEAGENT_WRITE_CASES=1 EdgeAgent.Core.Tests -class …CaseTests</c>.</summary>
    private const string WriteVariable = "EDGEAGENT_WRITE_CASES";

    private const int LastCase = 45;

    public static TheoryData<string> Names => [.. CaseScripts.All.Select(capture => capture.Name)];

    [Fact]
    public void Captures_Committed_AreByteForByteWhatTheScriptsWrite()
    {
        bool isWriting = Environment.GetEnvironmentVariable(WriteVariable) == "1";
        foreach (CaseCapture capture in CaseScripts.All)
        {
            if (isWriting)
            {
                capture.Write(TestFiles.Cases);
            }

            CaseCapture.Read(PathOf(capture.Name)).ShouldBe(capture.ToFile(), capture.Name);
        }
    }

    [Fact]
    public void Cases_AllOfThem_HaveACaptureAnExpectationAndAReason()
    {
        List<CaseExpectation> expectations = [.. Directory.EnumerateFiles(TestFiles.Cases, "*.json").Order().Select(CaseExpectation.Read)];

        expectations.Select(expectation => expectation.Case).ShouldBe(Enumerable.Range(1, LastCase));
        expectations.ShouldAllBe(expectation => expectation.Why.Length > 40 && expectation.Shows.Length > 10 && expectation.Lines.Count > 1);
        Directory.EnumerateFiles(TestFiles.Cases, "*.json").Select(Path.GetFileNameWithoutExtension)
            .ShouldBe(CaseScripts.All.Select(capture => capture.Name), ignoreOrder: true);
        Directory.EnumerateFiles(TestFiles.Cases, "*.pcap*").Count().ShouldBe(LastCase);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Engine_CaptureOfACase_CountsWhatTheDefinitionsSay(string name)
    {
        CaseExpectation expectation = CaseExpectation.Read(Path.Combine(TestFiles.Cases, name + ".json"));
        CapturedPacket[] packets = await CaseCapture.ReadPacketsAsync(CaseCapture.Read(PathOf(name)), TestContext.Current.CancellationToken);

        EngineRun run = CaseRun.Play(packets);

        expectation.Differences(CaseRun.Lines(run)).ShouldBeEmpty(expectation.Why);
    }

    private static string PathOf(string name)
    {
        string plain = Path.Combine(TestFiles.Cases, name + ".pcap");
        return File.Exists(plain) ? plain : plain + ".gz";
    }
}
