using System.Text.Json;

namespace EdgeAgent;

/// <summary>Names of enumerations as every output writes them.</summary>
internal static class CamelCase
{
    /// <summary>The value's name with a small first letter, such as <c>rolledBack</c>.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
