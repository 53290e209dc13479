using System.Runtime.Versioning;
using EdgeAgent.Store;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Store;

[SupportedOSPlatform("linux")]
public sealed class PseudonymKeyFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("edge-agent-test-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void LoadOrCreate_FirstTime_MakesAKeyOnlyTheOwnerCanRead()
    {
        string path = Path.Combine(_directory, PseudonymKeyFile.FileName);

        byte[] key = PseudonymKeyFile.LoadOrCreate(path);

        key.Length.ShouldBe(32);
        key.ShouldNotBe(new byte[32]);
        File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        PseudonymKeyFile.LoadOrCreate(path).ShouldBe(key);
        Directory.GetFiles(_directory).ShouldBe([path], "nothing temporary stays");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void LoadOrCreate_WrongLength_IsRefusedAndKept(int length)
    {
        string path = Path.Combine(_directory, PseudonymKeyFile.FileName);
        File.WriteAllBytes(path, new byte[length]);

        Should.Throw<InvalidDataException>(() => PseudonymKeyFile.LoadOrCreate(path)).Message.ShouldContain($"{length} bytes");
        new FileInfo(path).Length.ShouldBe(length);
    }
}
