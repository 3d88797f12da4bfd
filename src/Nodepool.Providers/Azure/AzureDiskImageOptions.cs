using Nodepool.Core.Config;

namespace Nodepool.Providers.Azure;

/// <summary>What an uploaded diskimage of driver <c>azure</c> adds to the common keys.</summary>
/// <param name="Access">With what one logs in to its machines.</param>
public sealed record AzureDiskImageOptions(AzureAccess Access) : DriverOptions;
