using EdgeAgent.Telemetry;
using EdgeAgent.Tests.Configuration;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Telemetry;

public sealed class ControlSocketTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void MakeRoom_DirectoryIsMissing_MakesIt()
    {
        string path = _directory.File("run/edge-agent/agent.sock");

        ControlSocket.MakeRoom(path);

        Directory.Exists(Path.GetDirectoryName(path)).ShouldBeTrue();
    }

    [Fact]
    public void MakeRoom_FileThatIsNoSocket_IsLeftAndNamed()
    {
        string path = _directory.File("agent.sock");
        File.WriteAllText(path, "notes");

        Should.Throw<IOException>(() => ControlSocket.MakeRoom(path)).Message.ShouldContain(path);
        File.Exists(path).ShouldBeTrue();
    }

    public void Dispose() => _directory.Dispose();
}
