using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;
using Nodepool.Core.Providers;
using Nodepool.Providers.OpenStack.Access;

namespace Nodepool.Providers.OpenStack;

/// <summary>The driver <c>openstack</c>.</summary>
/// <param name="clouds">Gets at the clouds of this process.</param>
public sealed class OpenStackDriver(OpenStackClouds clouds) : IProviderDriver
{
    private readonly OpenStackSchema _schema = new(clouds.FindImageFormat);

    /// <inheritdoc/>
    public string Name => _schema.Name;

    /// <inheritdoc/>
    public ProviderConfig ReadConfig(ConfigMap section) => _schema.ReadConfig(section);

    /// <inheritdoc/>
    public IProvider Open(ProviderConfig config, DriverContext context) => new OpenStackProvider(config, clouds.Open(config, context), context);
}
