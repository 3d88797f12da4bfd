using Nodepool.Core.Providers;

namespace Nodepool.Providers.OpenStack.Compute;

/// <summary>Makes the order for Nova out of the launcher's: looks up what the configuration names.</summary>
internal static class ServerOrders
{
    /// <summary>The order for a node.</summary>
    /// <exception cref="ProviderException"><see cref="ProviderFault.Rejected"/>: something that is named does not exist.</exception>
    public static async ValueTask<ServerOrder> MakeAsync(OpenStackCloud cloud, LaunchOrder order, CancellationToken ct)
    {
        var label = order.Label.Options as OpenStackLabelOptions ?? new OpenStackLabelOptions();
        var pool = order.Pool.Options as OpenStackPoolOptions ?? new OpenStackPoolOptions();
        return new ServerOrder
        {
            Name = order.Hostname,
            Flavor = (await cloud.Flavors.FindAsync(label.Flavor, ct)).Id,
            Image = await cloud.Images.FindAsync(order, ct),
            Networks = label.Networks.Count == 0 ? [] : await cloud.Networks.IdsOfAsync(label.Networks, ct),
            SecurityGroups = pool.SecurityGroups,
            Zone = await cloud.Zones.ChooseAsync(order, ct),
            KeyName = label.KeyName,
            ConfigDrive = order.ImageOptions switch
            {
                OpenStackDiskImageOptions built => built.ConfigDrive,
                OpenStackCloudImageOptions existing => existing.ConfigDrive,
                _ => null,
            },
            UserData = label.UserData,
            BootVolumeGb = label.BootFromVolume ? label.VolumeSize : null,
            Metadata = cloud.Metadata.Of(order),
        };
    }
}
