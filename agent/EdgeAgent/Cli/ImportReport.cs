using System.Globalization;
using EdgeAgent.Imports;

namespace EdgeAgent.Cli;

/// <summary>Tells what of an import could not be used.</summary>
internal static class ImportReport
{
    private const int MaxTold = 20;

    /// <summary>The first faults, one a line, and how many more there are.</summary>
    public static void WriteFaults(string path, IReadOnlyList<ImportFault> faults, TextWriter error)
    {
        foreach (ImportFault fault in faults.Take(MaxTold))
        {
            error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path}: line {fault.Line}: {fault.Cause}"));
        }

        if (faults.Count > MaxTold)
        {
            error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path}: {faults.Count - MaxTold} further lines could not be used (--json lists them)"));
        }
    }
}
