using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;
using Nodepool.Core.Providers;

namespace Nodepool.Providers.OpenStack;

/// <summary>The keys of the driver <c>openstack</c>.</summary>
/// <param name="imageFormatOf">
/// Gives the <c>image_format</c> that clouds.yaml, its vendor profiles included, has for an entry; null for the usual one. Reading a
/// configuration must not fail for a clouds.yaml that only some processes have, so it throws nothing.
/// </param>
public sealed class OpenStackSchema(Func<string, string?>? imageFormatOf = null) : IProviderSchema
{
    /// <inheritdoc/>
    public string Name => "openstack";

    /// <inheritdoc/>
    public ProviderConfig ReadConfig(ConfigMap section)
    {
        var cloud = section.RequiredText("cloud");
        return OpenStackSection.Read(section, imageFormatOf?.Invoke(cloud), FinishLabel);
    }

    private static OpenStackLabelOptions FinishLabel(ConfigMap label, OpenStackLabelOptions options)
    {
        label.ExactlyOne("diskimage", "cloud-image");
        label.AtLeastOne("min-ram", "flavor-name");

        return options;
    }
}
