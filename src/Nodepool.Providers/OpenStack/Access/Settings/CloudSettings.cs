using Nodepool.Core.Collections;

namespace Nodepool.Providers.OpenStack.Access.Settings;

/// <summary>A cloud as it is configured: its entry of clouds.yaml with profile, region and secrets, understood and checked.</summary>
internal sealed record CloudSettings
{
    /// <summary>Name of the entry.</summary>
    public required string Cloud { get; init; }

    /// <summary>Region; null where none is named.</summary>
    public string? Region { get; init; }

    /// <summary>The files that this comes from, for messages.</summary>
    public required string Origin { get; init; }

    /// <summary>Where Keystone is.</summary>
    public required Uri AuthUrl { get; init; }

    /// <summary>Who we are.</summary>
    public required Credentials Credentials { get; init; }

    /// <summary>What we want to work on; null leaves it to the credentials.</summary>
    public ProjectScope? Scope { get; init; }

    /// <summary>How servers are recognised, and we by them.</summary>
    public TlsSettings Tls { get; init; } = new();

    /// <summary>How long one call may take; <c>api_timeout</c>.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>What is said of each service, in the order of <see cref="CloudService"/>.</summary>
    public ValueList<ServiceSettings> Services { get; init; } = [];

    /// <summary>Format that images are uploaded in unless the provider names one; <c>image_format</c>; null where the cloud names none.</summary>
    public string? ImageFormat { get; init; }

    /// <summary>Upload by import also where the cloud would take the data directly; <c>image_api_use_import</c>, a key of this product.</summary>
    public bool PrefersImport { get; init; }

    /// <inheritdoc cref="CloudAccess.FloatingIpSource"/>
    public FloatingIpSource FloatingIpSource { get; init; }

    /// <inheritdoc cref="CloudAccess.Networks"/>
    public ValueList<CloudNetwork> Networks { get; init; } = [];

    /// <inheritdoc cref="CloudAccess.PrefersPrivate"/>
    public bool PrefersPrivate { get; init; }

    /// <inheritdoc cref="CloudAccess.ForcesIpv4"/>
    public bool ForcesIpv4 { get; init; }

    /// <summary>What people should know once: doubtful or dangerous settings.</summary>
    public ValueList<string> Warnings { get; init; } = [];

    /// <summary>The cloud and its region for messages: <c>cloud 'x' region 'y'</c>.</summary>
    public string Title => Region is null ? $"cloud '{Cloud}'" : $"cloud '{Cloud}' region '{Region}'";

    /// <summary>What is said of a service.</summary>
    public ServiceSettings Of(CloudService service) => Services[(int)service];
}
