using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EdgeAgent.Store;

/// <summary>Registers the store.</summary>
internal static class StoreRegistration
{
    /// <summary>Adds the journal, opened when it is first asked for, and its options (section <c>store</c>).</summary>
    public static IServiceCollection AddStore(this IServiceCollection services, IConfiguration configuration)
    {
        string agentId = configuration["agentId"] ?? "";
        services.AddOptionsWithValidateOnStart<StoreOptions, StoreOptionsValidator>()
            .BindConfiguration("store", binder => binder.ErrorOnUnknownConfiguration = true);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => JournalStore.Open(
            provider.GetRequiredService<IOptions<StoreOptions>>().Value,
            agentId,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<JournalStore>>()));
        services.AddSingleton<IJournal>(provider => provider.GetRequiredService<JournalStore>());
        return services;
    }
}
