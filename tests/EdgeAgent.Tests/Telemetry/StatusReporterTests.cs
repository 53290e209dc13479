using EdgeAgent.Capture;
using EdgeAgent.Configuration;
using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Pipeline;
using EdgeAgent.Telemetry;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Telemetry;

public sealed class StatusReporterTests
{
    private readonly ConfigurationState _state = new("agent.yaml", new LoadResult(new AgentOptions { AgentId = "a" }, []), DateTimeOffset.UnixEpoch);
    private readonly Parts _parts = new();

    [Fact]
    public void Report_EverythingWell_IsHealthyWithTheFigures()
    {
        StatusDocument report = Report();

        report.Reasons.ShouldBeEmpty();
        report.State.ShouldBe(StatusDocument.Healthy);
        report.Today.ShouldNotBeNull().Attempts.ShouldBe(7);
        report.Today.Numbers.ShouldBe(2);
        report.Today.Guards.ShouldBe(new Dictionary<string, long> { ["hours"] = 3, ["dailyCap"] = 1, ["dailyCapAlerts"] = 2 });
        report.Signalling.ShouldNotBeNull().ActiveCalls.ShouldBe(4);
        report.Sources.ShouldHaveSingleItem().KernelDrops.ShouldBe(2);
        report.Store.ShouldNotBeNull().OldestUnsentAgeSeconds.ShouldNotBeNull().ShouldBeInRange(60, 70);
    }

    [Fact]
    public void Report_NothingObservedYet_SaysSo()
    {
        _parts.Signalling = null;

        Report().Reasons.ShouldHaveSingleItem().ShouldContain("nothing was observed");
    }

    [Fact]
    public void Report_EverythingWrong_NamesEachReason()
    {
        _parts.Signalling = _parts.Signalling! with
        {
            At = TimeProvider.System.GetUtcNow().AddMinutes(-1),
            Sources = [new SourceStatus("eth0", false, 0, 0, 0, 0, "link is down")],
            Confidence = Confidence.Degraded,
            Cause = "kernelDrops",
        };
        _parts.Store = _parts.Store! with { Fault = "disk full" };
        _parts.Forward = _parts.Forward with { Connected = false, LastError = "refused" };
        _state.Refuse(["limits: no"], DateTimeOffset.UnixEpoch);

        IReadOnlyList<string> reasons = Report().Reasons;

        reasons.Count.ShouldBe(6);
        reasons[0].ShouldContain("no sign of life for 60 s");
        reasons[1].ShouldBe("source eth0: down (link is down)");
        reasons[2].ShouldBe("confidence: degraded (kernelDrops)");
        reasons[3].ShouldBe("store: disk full");
        reasons[4].ShouldBe("broker mqtt://b: not connected (refused)");
        reasons[5].ShouldContain("limits: no");
    }

    [Fact]
    public void Report_Today_HasTheRatiosOfTheBox()
    {
        NumberCounters counters = new() { Attempts = 10, Answered = 5, AnsweredEnded = 3, Talk = TimeSpan.FromSeconds(100) };
        counters[Disposition.Busy] = 2;
        foreach ((int code, int count) in ((int, int)[])[(200, 5), (486, 2), (302, 1), (407, 1), (503, 1)])
        {
            counters.Status.Add(code, count);
        }

        _parts.Signalling = _parts.Signalling! with { Today = [KeyValuePair.Create(NumberKey.Other, counters)] };

        Report().Today.ShouldNotBeNull().Ratios.ShouldBe(new RatiosDocument(0.5, 33.333333, 0.7, 0.555556, 0.875, 0.1));
    }

    [Fact]
    public void Report_NothingCalledYet_HasNoRatios()
    {
        _parts.Signalling = _parts.Signalling! with { Today = [] };

        Report().Today.ShouldNotBeNull().Ratios.ShouldBe(new RatiosDocument(null, null, null, null, null, null));
    }

    [Fact]
    public void Report_NoBrokerConfigured_IsNoReason()
    {
        _parts.Forward = new BrokerStatus(null, false, null, 0, false, null);

        Report().State.ShouldBe(StatusDocument.Healthy);
    }

    private StatusDocument Report() =>
        new StatusReporter(_state, new LoopWatch([]), TimeProvider.System, _parts, _parts, _parts).Report();

    private sealed class Parts : ISignallingStatusSource, IBufferStatusSource, IBrokerStatusSource
    {
        public SignallingStatus? Signalling { get; set; } = new(
            TimeProvider.System.GetUtcNow(),
            [new SourceStatus("eth0", true, 100, 2, 0, 0, null)],
            50,
            new Dictionary<string, long> { ["notSip"] = 1 },
            4,
            [
                KeyValuePair.Create(NumberKey.For(new E164Number(33199000001)), Guarded(5, new GuardCount(GuardId.Hours, 3, 0), new GuardCount(GuardId.DailyCap, 1, 0))),
                KeyValuePair.Create(NumberKey.Other, Guarded(2, new GuardCount(GuardId.DailyCap, 0, 2))),
            ],
            [],
            new CaptureQuality(),
            Confidence.Full,
            null);

        public BufferStatus? Store { get; set; } = new(3, TimeProvider.System.GetUtcNow().AddSeconds(-61), 4_096, "e", 10, null);

        public BrokerStatus Forward { get; set; } = new("mqtt://b", true, TimeProvider.System.GetUtcNow(), 1, false, null);

        SignallingStatus? ISignallingStatusSource.Current => Signalling;

        BufferStatus? IBufferStatusSource.Current => Store;

        BrokerStatus IBrokerStatusSource.Current => Forward;
    }

    private static NumberCounters Guarded(long attempts, params GuardCount[] counts)
    {
        NumberCounters counters = new() { Attempts = attempts };
        foreach (GuardCount count in counts)
        {
            counters.Guards.Add(count);
        }

        return counters;
    }
}
