using System.Net.Sockets;
using EdgeAgent.Capture;
using EdgeAgent.Configuration;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting.Systemd;

namespace EdgeAgent.Telemetry;

/// <summary>Registration of this folder.</summary>
internal static class TelemetryExtensions
{
    /// <summary>Status, control socket, service manager, reload.</summary>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, ConfigurationState configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ISystemdNotifier, SystemdNotifier>();
        services.AddSingleton(configuration);
        services.AddSingleton(_ => WatchdogSettings.FromEnvironment(Environment.GetEnvironmentVariable, Environment.ProcessId));
        services.AddSingleton(provider => new LoopWatch(provider.GetServices<IHeartbeat>()));
        services.AddSingleton<StatusReporter>();
        services.AddSingleton<ServiceNotifier>();
        services.AddHostedService(provider => provider.GetRequiredService<ServiceNotifier>());
        services.AddSingleton<ReloadService>();
        services.AddSingleton<IConfigurationReloader>(provider => provider.GetRequiredService<ReloadService>());
        services.AddHostedService(provider => provider.GetRequiredService<ReloadService>());
        services.AddRoutingCore();
        return services;
    }

    /// <summary>Kestrel on the control socket, and on the addresses on which HEP is taken over TCP; nowhere else.</summary>
    public static IWebHostBuilder UseListeners(this IWebHostBuilder web, AgentOptions options) => web
        .UseKestrelCore()
        .UseSockets(sockets => sockets.CreateBoundListenSocket = endpoint => endpoint is UnixDomainSocketEndPoint
            ? ControlSocket.Bind(endpoint)
            : SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint))
        .ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = 256;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Limits.MaxRequestHeadersTotalSize = 8 * 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(30);
            kestrel.ListenUnixSocket(options.ControlSocket);
            foreach (HepTcpHandler hep in kestrel.ApplicationServices.GetService<LiveSources>()?.HepOverTcp ?? [])
            {
                kestrel.Listen(hep.Endpoint, listen => listen.Run(hep.ServeAsync));
            }
        });
}
