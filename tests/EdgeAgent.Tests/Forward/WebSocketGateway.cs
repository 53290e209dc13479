using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Tests.Forward;

/// <summary>
/// MQTT over WebSocket under <c>/mqtt</c> before a broker that speaks TCP, as a reverse proxy does it: mosquitto comes without WebSocket on
/// some distributions.
/// </summary>
internal sealed class WebSocketGateway : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly X509Certificate2? _certificate;

    private WebSocketGateway(WebApplication application, X509Certificate2? certificate)
    {
        _application = application;
        _certificate = certificate;
    }

    public string Url => $"{_application.Urls.Single().Replace("http", "ws", StringComparison.Ordinal)}/mqtt";

    /// <summary>Starts one; with certificates it speaks TLS and wants one of the client.</summary>
    public static async Task<WebSocketGateway> StartAsync(int brokerPort, Certificates? certificates, CancellationToken cancellationToken)
    {
        X509Certificate2? certificate = certificates is null
            ? null
            : X509Certificate2.CreateFromPemFile(certificates.PathOf("server.crt"), certificates.PathOf("server.key"));
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, endpoint =>
        {
            if (certificate is not null)
            {
                endpoint.UseHttps(new HttpsConnectionAdapterOptions
                {
                    ServerCertificate = certificate,
                    ClientCertificateMode = ClientCertificateMode.AllowCertificate,
                    ClientCertificateValidation = (shown, _, _) => shown.Subject == "CN=client",
                });
            }
        }));
        WebApplication application = builder.Build();
        application.UseWebSockets();
        application.Map("/mqtt", context => ServeAsync(context, brokerPort, wantsCertificate: certificate is not null));
        await application.StartAsync(cancellationToken);
        return new WebSocketGateway(application, certificate);
    }

    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource now = new();
        await now.CancelAsync(); // open sockets need not be waited for
        await _application.StopAsync(now.Token);
        await _application.DisposeAsync();
        _certificate?.Dispose();
    }

    private static async Task ServeAsync(HttpContext context, int brokerPort, bool wantsCertificate)
    {
        if (!context.WebSockets.WebSocketRequestedProtocols.Contains("mqtt") || (wantsCertificate && context.Connection.ClientCertificate is null))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync("mqtt");
        using TcpClient broker = new();
        await broker.ConnectAsync(IPAddress.Loopback, brokerPort, context.RequestAborted);
        try
        {
            await Task.WhenAny(ToBrokerAsync(socket, broker.GetStream(), context.RequestAborted), FromBrokerAsync(broker.GetStream(), socket, context.RequestAborted));
        }
        finally
        {
            socket.Abort();
        }
    }

    private static async Task ToBrokerAsync(WebSocket socket, NetworkStream broker, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[16 * 1024];
        ValueWebSocketReceiveResult received;
        while ((received = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken)).MessageType == WebSocketMessageType.Binary)
        {
            await broker.WriteAsync(buffer.AsMemory(0, received.Count), cancellationToken);
        }
    }

    private static async Task FromBrokerAsync(NetworkStream broker, WebSocket socket, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[16 * 1024];
        int count;
        while ((count = await broker.ReadAsync(buffer, cancellationToken)) > 0)
        {
            await socket.SendAsync(buffer.AsMemory(0, count), WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
        }
    }
}
