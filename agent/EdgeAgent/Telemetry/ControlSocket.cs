using System.Net.Sockets;

namespace EdgeAgent.Telemetry;

/// <summary>The Unix socket the local commands ask. Reading it needs the agent's group; nothing else listens.</summary>
internal static class ControlSocket
{
    private const UnixFileMode Mode =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    /// <summary>Prepares the place: makes the directory, which systemd does for its unit, and removes the socket of an agent that is gone.</summary>
    /// <exception cref="IOException">An agent answers there, or something that is no socket stands in the way.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory may not be made.</exception>
    public static void MakeRoom(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        if (!File.Exists(path))
        {
            return;
        }

        using Socket probe = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
        {
            RemoveStale(path);
            return;
        }
        catch (SocketException forbidden) when (forbidden.SocketErrorCode == SocketError.AccessDenied)
        {
            throw new IOException($"{path} belongs to an agent of another user", forbidden);
        }

        throw new IOException($"another edge-agent answers on {path}");
    }

    /// <summary>Binds with the mode already set when the first client can connect: between bind and listen nobody can.</summary>
    public static Socket Bind(System.Net.EndPoint endpoint)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(endpoint);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(endpoint.ToString()!, Mode);
            }

            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // A connect to a regular file is refused just as one to a dead socket is; a regular file is not ours to delete.
    private static void RemoveStale(string path)
    {
        if (new FileInfo(path) is { Length: > 0 } || File.GetAttributes(path).HasFlag(FileAttributes.Directory))
        {
            throw new IOException($"{path} is no socket of edge-agent; remove it, or set controlSocket elsewhere");
        }

        File.Delete(path);
    }
}
