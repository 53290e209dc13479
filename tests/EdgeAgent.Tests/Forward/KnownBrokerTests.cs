using EdgeAgent.Configuration;
using EdgeAgent.Forward;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Forward;

public sealed class KnownBrokerTests
{
    private static readonly SessionEnd Lost = new(SessionEndKind.Lost, "cut");

    [Fact]
    public void PauseAfter_StableConnection_BeginsShortAgain()
    {
        KnownBroker broker = Broker(connectsPerMinute: 1_000);
        LongestOf(broker, lasted: TimeSpan.FromSeconds(29)).ShouldBeGreaterThan(TimeSpan.FromSeconds(3), "29 s are not stable");

        SessionEnd end = broker.Judge(Lost, TimeSpan.FromSeconds(30));

        broker.PauseAfter(end).ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3));
    }

    [Fact]
    public void PauseAfter_AttemptThatWaitedLongForAnAnswer_GoesOnGrowing() =>
        LongestOf(Broker(), lasted: null).ShouldBeInRange(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(60));

    [Fact]
    public void Judge_SixthConnectionWithinAMinute_SuspectsAnotherClient()
    {
        KnownBroker broker = Broker();
        for (int i = 0; i < 5; i++)
        {
            broker.Judge(Lost, TimeSpan.FromSeconds(1)).ShouldBe(Lost);
        }

        SessionEnd end = broker.Judge(Lost, TimeSpan.FromSeconds(1));

        end.Kind.ShouldBe(SessionEndKind.Duplicate);
        broker.PauseAfter(end).ShouldBe(TimeSpan.FromSeconds(60));
    }

    private static TimeSpan LongestOf(KnownBroker broker, TimeSpan? lasted) =>
        Enumerable.Range(0, 100).Max(_ =>
        {
            broker.Judge(Lost, lasted);
            return broker.PauseAfter(Lost);
        });

    private static KnownBroker Broker(int connectsPerMinute = 5)
    {
        MqttOptions options = new() { Url = "mqtt://broker.example" };
        AgentInfo info = new() { AgentId = "a", Version = "1", Started = DateTimeOffset.UnixEpoch };
        ForwardBoard board = new(isEnabled: true, "mqtt://broker.example:1883", TimeProvider.System);
        return new KnownBroker(new SessionContext(
            null!, options, options, info, () => info, [], new ForwardTiming { ConnectsPerMinute = connectsPerMinute }, board, TimeProvider.System, NullLogger.Instance));
    }
}
