using System.Runtime.InteropServices;
using System.Text;

namespace EdgeAgent.Store;

/// <summary>Small files that are whole or absent after a power cut: written aside, flushed, renamed, and the directory flushed.</summary>
internal static class DurableFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const int CloseOnExec = 0x80000; // O_RDONLY | O_CLOEXEC, the same on every Linux architecture .NET runs on

    /// <summary>Writes <paramref name="content"/>, readable by the owner only.</summary>
    /// <param name="path">Target.</param>
    /// <param name="content">All of its bytes.</param>
    /// <param name="overwrite">When false and the target exists by then, it is left alone and IOException is thrown.</param>
    public static void Write(string path, ReadOnlySpan<byte> content, bool overwrite)
    {
        string temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            using (FileStream stream = CreatePrivate(temporary))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite);
        }
        catch (IOException)
        {
            File.Delete(temporary); // on a full disk it holds what room there was
            throw;
        }

        FlushDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Creates or truncates a file that only its owner may read.</summary>
    public static FileStream CreatePrivate(string path) => Open(path, FileMode.Create);

    /// <summary>Opens a file to go on with, or creates one that only its owner may read.</summary>
    public static FileStream OpenPrivate(string path) => Open(path, FileMode.OpenOrCreate);

    private static FileStream Open(string path, FileMode mode)
    {
        FileStreamOptions options = new() { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return new FileStream(path, options);
    }

    /// <summary>Makes renames in <paramref name="directory"/> durable. .NET offers no way to open a directory, so libc is asked.</summary>
    public static void FlushDirectory(string directory)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        int descriptor = Open(Encoding.UTF8.GetBytes(directory + '\0'), CloseOnExec);
        if (descriptor < 0)
        {
            throw new IOException($"{directory} cannot be opened (errno {Marshal.GetLastPInvokeError()})");
        }

        int result = Synchronise(descriptor);
        int fault = Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        if (result != 0)
        {
            throw new IOException($"{directory} cannot be flushed (errno {fault})");
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int Synchronise(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    private static extern int Close(int descriptor);
}
