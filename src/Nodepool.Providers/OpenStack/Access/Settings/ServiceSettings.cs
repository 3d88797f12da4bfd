using Nodepool.Core.Collections;

namespace Nodepool.Providers.OpenStack.Access.Settings;

/// <summary>Where one service is looked for. Keys have the service's type or one of its aliases in front, as in <c>volume_api_version</c>.</summary>
internal sealed record ServiceSettings
{
    /// <summary>Interfaces of the catalogue, the best first; <c>interface</c>, also for single services.</summary>
    public ValueList<string> Interfaces { get; init; } = ["public"];

    /// <summary>Another region for this service; <c>X_region_name</c>.</summary>
    public string? Region { get; init; }

    /// <summary>Take this in the place of what the catalogue says; <c>X_endpoint_override</c>.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Type under which the catalogue has it; <c>X_service_type</c>; null: the usual ones.</summary>
    public string? Type { get; init; }

    /// <summary>Name of the service, where the catalogue has several of the type; <c>X_service_name</c>.</summary>
    public string? Name { get; init; }

    /// <summary>Highest microversion to use; <c>X_default_microversion</c>, or an <c>X_api_version</c> with a minor number.</summary>
    public Microversion? MicroversionLimit { get; init; }

    /// <summary>The cloud is not asked for it; <c>has_X: false</c>.</summary>
    public bool IsDisabled { get; init; }
}
