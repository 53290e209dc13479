using System.Net;
using System.Net.Sockets;

namespace EdgeAgent.Tests.Forward;

/// <summary>A broker of MQTT 3.1.1 only: stands before a newer one and answers any other CONNECT as its standard says (§3.1.2.2).</summary>
internal sealed class OldBroker : IDisposable
{
    private const int LevelOffset = 6; // of "00 04 MQTT level", behind the fixed header

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _over = new();
    private readonly int _brokerPort;
    private int _refused;

    public OldBroker(int brokerPort)
    {
        _brokerPort = brokerPort;
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Url => $"mqtt://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Connections refused for their version.</summary>
    public int Refused => Volatile.Read(ref _refused);

    public void Dispose()
    {
        _over.Cancel();
        _listener.Dispose();
        _over.Dispose();
    }

    private async Task AcceptAsync()
    {
        CancellationToken token = _over.Token;
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(token), token);
            }
        }
        catch (Exception fault) when (fault is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            return; // the test is over
        }
    }

    private async Task ServeAsync(TcpClient client, CancellationToken token)
    {
        using TcpClient line = client;
        using TcpClient broker = new();
        try
        {
            byte[] buffer = new byte[16 * 1024];
            int count = await line.GetStream().ReadAsync(buffer, token); // small enough to come in one piece
            int header = 1 + Array.FindIndex(buffer, 1, length => length < 0x80);
            if (buffer[header + LevelOffset] != 4)
            {
                await line.GetStream().WriteAsync(new byte[] { 0x20, 2, 0, 1 }, token);
                Interlocked.Increment(ref _refused);
                return;
            }

            await broker.ConnectAsync(IPAddress.Loopback, _brokerPort, token);
            await broker.GetStream().WriteAsync(buffer.AsMemory(0, count), token);
            await Task.WhenAny(
                line.GetStream().CopyToAsync(broker.GetStream(), token), broker.GetStream().CopyToAsync(line.GetStream(), token));
        }
        catch (Exception fault) when (fault is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            return; // cut: the agent sees it
        }
    }
}
