namespace EdgeAgent.Core.Anonymise;

/// <summary>Keeps the uses of one key apart.</summary>
internal static class Purpose
{
    public const byte Word = 1;
    public const byte Number = 2;
    public const byte Extension = 3;
    public const byte FirstOctet = 4;
    public const byte Octet = 5;
    public const byte Group = 6;
    public const byte Sequence = 7;
}
