using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Tests.Store;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Forward;

/// <summary>Passwords and certificates are renewed while the agent runs.</summary>
public sealed class RenewalTests : IDisposable
{
    private const string Base = "edgeagent/v1/agent-1/";
    private const string Renewed = "password or certificates were renewed";

    private readonly Certificates _certificates = Certificates.ForLoopback();

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public async Task Run_ClientCertificateRenewed_ConnectsAnewOnceItIsWhole()
    {
        await using Mosquitto broker = await _certificates.StartBrokerAsync("require_certificate true");
        await using ForwarderFixture agent = Agent(broker.UrlWith("mqtts"));
        agent.Options.Tls = _certificates.ForAgent();
        await agent.StartAsync();
        await Eventually.TrueAsync(() => agent.Status.IsConnected, "connected");
        DateTimeOffset? since = agent.Status.Since;

        using X509Certificate2 authority = _certificates.MakeAuthority("ca"); // makes the old authority of the broker unknown
        _certificates.Make("next", authority, null);
        File.Copy(_certificates.PathOf("next.crt"), _certificates.PathOf("client.crt"), overwrite: true);
        await Task.Delay(agent.Timing.FileLook * 5, TestContext.Current.CancellationToken); // half a renewal: several looks
        agent.Status.IsConnected.ShouldBeTrue();
        agent.Status.Since.ShouldBe(since);
        File.Copy(_certificates.PathOf("next.key"), _certificates.PathOf("client.key"), overwrite: true);

        await Eventually.TrueAsync(
            () => agent.Status.LastError?.Contains("no authority of tls.caFile", StringComparison.Ordinal) == true, "the new files are used");
    }

    [Fact]
    public async Task Run_PasswordRenewed_SaysWhyAndLosesNothing()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using Subscriber centre = await Subscriber.StartAsync(broker.Port);
        await using ForwarderFixture agent = Agent(broker.Url);
        agent.Options.PasswordFile = _certificates.PathOf("password");
        await File.WriteAllTextAsync(agent.Options.PasswordFile, "old\n", TestContext.Current.CancellationToken);
        await agent.StartAsync();
        await centre.WaitForStateAsync("online");
        await agent.SubmitAsync(5);

        await File.WriteAllTextAsync(agent.Options.PasswordFile, "new\n", TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => centre.All.Count(arrival => arrival.Topic == Base + "status") >= 3, "a new connection");
        await agent.SubmitAsync(5);
        await agent.WaitUntilSentAsync();

        centre.All.Where(arrival => arrival.Topic == Base + "status").Select(arrival =>
                (arrival.Json.GetProperty("state").GetString(), arrival.Json.GetProperty("reason").GetString()))
            .ShouldBe([("online", null), ("offline", Renewed), ("online", null)]);
        await Eventually.TrueAsync(() => centre.Records.Count == 20, "all records, each once");
    }

    private static ForwarderFixture Agent(string url)
    {
        ForwarderFixture agent = new(url);
        agent.Timing = agent.Timing with { FileLook = TimeSpan.FromMilliseconds(100) };
        return agent;
    }
}
