using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace EdgeAgent.Tests.Telemetry;

/// <summary>Stands in for the service manager: the datagram socket behind NOTIFY_SOCKET.</summary>
internal sealed class NotifyListener : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly Channel<string> _messages = Channel.CreateUnbounded<string>();

    public NotifyListener(string path)
    {
        Path = path;
        _socket.Bind(new UnixDomainSocketEndPoint(path));
        _ = ReadAsync();
    }

    public string Path { get; }

    /// <summary>Waits for a message that has <paramref name="line"/> among its lines; those before it are skipped.</summary>
    public async Task<string> WaitForAsync(string line, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(TimeSpan.FromSeconds(30));
        await foreach (string message in _messages.Reader.ReadAllAsync(limited.Token))
        {
            if (message.Split('\n').Any(l => l.StartsWith(line, StringComparison.Ordinal)))
            {
                return message;
            }
        }

        throw new InvalidOperationException("the socket was closed");
    }

    /// <summary>Everything received and not yet waited for.</summary>
    public IReadOnlyList<string> Drain()
    {
        List<string> messages = [];
        while (_messages.Reader.TryRead(out string? message))
        {
            messages.Add(message);
        }

        return messages;
    }

    public void Dispose() => _socket.Dispose();

    private async Task ReadAsync()
    {
        byte[] buffer = new byte[4_096];
        try
        {
            while (true)
            {
                int length = await _socket.ReceiveAsync(buffer);
                _messages.Writer.TryWrite(Encoding.UTF8.GetString(buffer, 0, length));
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            _messages.Writer.TryComplete();
        }
    }
}
