using Nodepool.Core.Config;

namespace Nodepool.Providers.Azure;

/// <summary>What a cloud image of driver <c>azure</c> adds to the common keys.</summary>
/// <param name="Image">Which image it is.</param>
/// <param name="Access">With what one logs in.</param>
public sealed record AzureCloudImageOptions(AzureImageChoice Image, AzureAccess Access) : DriverOptions;
