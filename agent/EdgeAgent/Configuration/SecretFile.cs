namespace EdgeAgent.Configuration;

/// <summary>Files that hold one secret.</summary>
internal static class SecretFile
{
    private const int MaxBytes = 4_096;

    /// <summary>First line of the file, without its end.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static byte[] ReadFirstLine(string path)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        byte[] content = new byte[Math.Min(stream.Length, MaxBytes)];
        stream.ReadExactly(content);
        int end = content.AsSpan().IndexOfAny("\r\n"u8);
        return end < 0 ? content : content[..end];
    }
}
