using System.Reflection;
using EdgeAgent.Store;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EdgeAgent.Forward;

/// <summary>Registers the forwarder.</summary>
internal static class ForwardRegistration
{
    /// <summary>Adds the forwarder as a hosted service and its options (section <c>mqtt</c>). Register <see cref="AgentInfo"/> before to tell more.</summary>
    public static IServiceCollection AddForwarding(this IServiceCollection services, IConfiguration configuration)
    {
        string agentId = configuration["agentId"] ?? "";
        services.AddOptionsWithValidateOnStart<MqttOptions, MqttOptionsValidator>()
            .BindConfiguration("mqtt", binder => binder.ErrorOnUnknownConfiguration = true);
        services.AddSingleton<IValidateOptions<MqttOptions>, MqttConsistencyValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new AgentInfo
        {
            AgentId = agentId,
            Version = ProgramVersion(),
            Started = provider.GetRequiredService<TimeProvider>().GetUtcNow(),
            RetentionDays = provider.GetRequiredService<IOptions<StoreOptions>>().Value.RetentionDays,
        });
        services.AddSingleton(provider => new Forwarder(
            provider.GetRequiredService<IJournal>(),
            provider.GetRequiredService<IOptions<MqttOptions>>().Value,
            provider.GetRequiredService<AgentInfo>(),
            provider.GetServices<IHealthSource>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Forwarder>>()));
        services.AddHostedService(provider => provider.GetRequiredService<Forwarder>());
        return services;
    }

    /// <summary>Version of this program.</summary>
    internal static string ProgramVersion() =>
        typeof(ForwardRegistration).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";
}
