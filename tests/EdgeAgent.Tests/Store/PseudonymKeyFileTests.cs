using System.Runtime.Versioning;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Store;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Store;

[SupportedOSPlatform("linux")]
public sealed class PseudonymKeyFileTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 3, 0, 0, TimeSpan.Zero);

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

    [Fact]
    public void Change_KeepsThePresentKeyAsTheFormer()
    {
        E164Number person = new(33639981234);
        using PersonPseudonymiser before = PseudonymKeyFile.Open(_directory, "acme");
        before.Former.ShouldBeNull();

        PseudonymKeyFile.Change(_directory, Now);

        using PersonPseudonymiser after = PseudonymKeyFile.Open(_directory, "acme");
        after.KeyOf(person).ShouldNotBe(before.KeyOf(person));
        after.Former.ShouldNotBeNull().KeyOf(person).ShouldBe(before.KeyOf(person));
        File.GetUnixFileMode(Path.Combine(_directory, PseudonymKeyFile.FormerFileName)).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void Change_WithinAYear_IsRefusedAndChangesNothing()
    {
        PseudonymKeyFile.Change(_directory, Now);
        byte[] key = File.ReadAllBytes(Path.Combine(_directory, PseudonymKeyFile.FileName));

        Should.Throw<InvalidOperationException>(() => PseudonymKeyFile.Change(_directory, Now.AddDays(364))).Message.ShouldContain("2027-11-28");

        File.ReadAllBytes(Path.Combine(_directory, PseudonymKeyFile.FileName)).ShouldBe(key);
        PseudonymKeyFile.Change(_directory, Now.AddDays(365));
        File.ReadAllBytes(Path.Combine(_directory, PseudonymKeyFile.FileName)).ShouldNotBe(key);
    }

    [Fact]
    public void Change_CutShortBetweenItsTwoFiles_HasChangedNothingAndCanBeDoneAgain()
    {
        byte[] key = PseudonymKeyFile.LoadOrCreate(Path.Combine(_directory, PseudonymKeyFile.FileName));
        PseudonymKeyFile.Change(_directory, Now);
        File.WriteAllBytes(Path.Combine(_directory, PseudonymKeyFile.FileName), key);

        using (PersonPseudonymiser cut = PseudonymKeyFile.Open(_directory, "acme"))
        {
            cut.Former.ShouldBeNull();
        }

        PseudonymKeyFile.Change(_directory, Now.AddDays(1));
        using PersonPseudonymiser after = PseudonymKeyFile.Open(_directory, "acme");
        after.Former.ShouldNotBeNull();
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
