namespace EdgeAgent.Configuration;

/// <summary>Reads a file that an administrator wrote.</summary>
internal static class ConfigurationFile
{
    /// <summary>The text of a file; null when it cannot be had.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">Largest size.</param>
    /// <param name="fault">Why not; empty when the text is there.</param>
    public static string? TryRead(string path, int maxBytes, out string fault)
    {
        fault = "";
        try
        {
            FileInfo file = new(path);
            if (!file.Exists || file.Length <= maxBytes)
            {
                return File.ReadAllText(path);
            }

            fault = $"the file is larger than {maxBytes} bytes";
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            fault = "the file does not exist";
        }
        catch (UnauthorizedAccessException)
        {
            fault = "the file may not be read by this user, or is a directory";
        }
        catch (IOException unreadable)
        {
            fault = $"the file cannot be read: {unreadable.Message}";
        }

        return null;
    }
}
