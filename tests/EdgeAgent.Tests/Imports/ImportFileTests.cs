using EdgeAgent.Imports;
using EdgeAgent.Tests.Configuration;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Imports;

public sealed class ImportFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Theory]
    [InlineData("0612345678,0612345678\n0612345679,consent\n")]
    [InlineData("0612345678,consent\n0612345679,consent\n")]
    [InlineData("number,kind,number\n0612345678,consent,0612345678\n")]
    public void Read_FileThatIsNoImport_FailsWithoutRepeatingANumber(string text)
    {
        string path = _directory.File("persons.csv");
        File.WriteAllText(path, text);

        CommandException fault = Should.Throw<CommandException>(() => ImportFile.Read(path, ["number", "kind"], (_, _) => { }));

        (fault.ExitCode, fault.Message.Contains("06123", StringComparison.Ordinal)).ShouldBe((ExitCode.BadInput, false), fault.Message);
    }

    public void Dispose() => _directory.Dispose();
}
