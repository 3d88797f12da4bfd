using Nodepool.Core.Config;

namespace Nodepool.Providers.Azure;

/// <summary>What a provider of driver <c>azure</c> adds to the common keys.</summary>
public sealed record AzureOptions : DriverOptions
{
    /// <summary><c>location</c> of machines and images.</summary>
    public required string Location { get; init; }

    /// <summary><c>resource-group</c> that everything is made in; it is created when it does not exist.</summary>
    public required string ResourceGroup { get; init; }

    /// <summary><c>resource-group-location</c>: where the group is created.</summary>
    public required string ResourceGroupLocation { get; init; }

    /// <summary>
    /// <c>auth-path</c>: absolute path of a JSON file with <c>tenantId</c>, <c>clientId</c>, <c>clientSecret</c> and <c>subscriptionId</c>;
    /// null: the file that the environment variable <c>AZURE_AUTH_LOCATION</c> names.
    /// </summary>
    public string? AuthFile { get; init; }

    /// <summary><c>subnet-id</c> or <c>network</c>.</summary>
    public required AzureNetworkChoice Network { get; init; }
}
