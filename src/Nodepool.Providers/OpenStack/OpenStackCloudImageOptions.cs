using Nodepool.Core.Config;

namespace Nodepool.Providers.OpenStack;

/// <summary>What only the openstack driver knows of a cloud image. Without an id and a name the image is called as labels call it.</summary>
/// <param name="ImageId"><c>image-id</c>, or null; excludes the name.</param>
/// <param name="ImageName"><c>image-name</c>, or null.</param>
/// <param name="ConfigDrive"><c>config-drive</c>; null leaves it to the cloud.</param>
public sealed record OpenStackCloudImageOptions(string? ImageId, string? ImageName, bool? ConfigDrive) : DriverOptions;
