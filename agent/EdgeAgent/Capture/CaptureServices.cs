using Microsoft.Extensions.DependencyInjection;

namespace EdgeAgent.Capture;

/// <summary>Registers this folder.</summary>
public static class CaptureServices
{
    /// <summary>Adds <see cref="ICaptureSources"/> over the interfaces under configuration key <c>sources</c>.</summary>
    public static IServiceCollection AddLiveSources(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<SourcesOptions, SourcesOptionsValidator>()
            .BindConfiguration("sources", binder => binder.ErrorOnUnknownConfiguration = true);
        return services.AddSingleton<ICaptureSources, LiveSources>();
    }
}
