namespace Nodepool.Providers.Azure;

/// <summary>The subnet that machines are in.</summary>
public abstract record AzureNetworkChoice
{
    private AzureNetworkChoice()
    {
    }

    /// <summary>By its full id.</summary>
    /// <param name="SubnetId"><c>subnet-id</c>.</param>
    public sealed record BySubnetId(string SubnetId) : AzureNetworkChoice;

    /// <summary>By names.</summary>
    /// <param name="ResourceGroup"><c>network.resource-group</c>, by default the provider's.</param>
    /// <param name="Network"><c>network.network</c>, or <c>network</c> when that is one name.</param>
    /// <param name="Subnet"><c>network.subnet</c>.</param>
    public sealed record ByName(string ResourceGroup, string Network, string Subnet = "default") : AzureNetworkChoice;
}
