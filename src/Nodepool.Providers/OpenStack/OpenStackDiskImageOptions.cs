using Nodepool.Core.Config;

namespace Nodepool.Providers.OpenStack;

/// <summary>What only the openstack driver knows of a diskimage at a provider.</summary>
/// <param name="ConfigDrive"><c>config-drive</c>; null leaves it to the cloud.</param>
public sealed record OpenStackDiskImageOptions(bool? ConfigDrive) : DriverOptions;
