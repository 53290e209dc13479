using System.Net;
using System.Net.Sockets;

namespace EdgeAgent.Tests.Forward;

/// <summary>Stands between client and broker and can hold back what the broker says, or cut the line without a goodbye.</summary>
internal sealed class TcpRelay : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _over = new();
    private readonly int _brokerPort;
    private readonly Lock _gate = new();
    private readonly List<Socket> _lines = [];
    private long _answered;

    public TcpRelay(int brokerPort)
    {
        _brokerPort = brokerPort;
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Url => $"mqtt://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>While true, nothing from the broker reaches the client.</summary>
    public bool IsHoldingAnswers { get; set; }

    /// <summary>Bytes from the broker so far.</summary>
    public long AnsweredBytes => Volatile.Read(ref _answered);

    /// <summary>Wait before each piece of what the broker says is passed on.</summary>
    public TimeSpan Slowness { get; init; }

    /// <summary>Cuts every line.</summary>
    public void Cut()
    {
        lock (_gate)
        {
            foreach (Socket line in _lines)
            {
                line.Close(0);
            }

            _lines.Clear();
        }
    }

    public void Dispose()
    {
        _over.Cancel();
        _listener.Dispose();
        Cut();
        _over.Dispose();
    }

    private async Task AcceptAsync()
    {
        CancellationToken token = _over.Token;
        while (!token.IsCancellationRequested)
        {
            try
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(token);
                TcpClient broker = new();
                lock (_gate)
                {
                    _lines.AddRange([client.Client, broker.Client]);
                }

                await broker.ConnectAsync(IPAddress.Loopback, _brokerPort, token);
                _ = CopyAsync(client, broker, isAnswer: false, token);
                _ = CopyAsync(broker, client, isAnswer: true, token);
            }
            catch (Exception fault) when (fault is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                continue; // the broker is down, or the test is over
            }
        }
    }

    private async Task CopyAsync(TcpClient from, TcpClient to, bool isAnswer, CancellationToken token)
    {
        byte[] buffer = new byte[16 * 1024];
        try
        {
            int count;
            while ((count = await from.GetStream().ReadAsync(buffer, token)) > 0)
            {
                Interlocked.Add(ref _answered, isAnswer ? count : 0);
                while (isAnswer && IsHoldingAnswers)
                {
                    await Task.Delay(10, token);
                }

                if (isAnswer && Slowness > TimeSpan.Zero)
                {
                    await Task.Delay(Slowness, token);
                }

                await to.GetStream().WriteAsync(buffer.AsMemory(0, count), token);
            }
        }
        catch (Exception fault) when (fault is IOException or InvalidOperationException or OperationCanceledException or SocketException)
        {
            // cut: the other side learns of it below
        }

        from.Dispose();
        to.Dispose();
    }
}
