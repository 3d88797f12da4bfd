using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;
using Nodepool.Core.Providers;

namespace Nodepool.Providers.Metastatic;

/// <summary>The driver <c>metastatic</c>: nodes that are slots of bigger nodes, which the launcher asks other pools for.</summary>
public sealed class MetastaticDriver : IProviderDriver
{
    /// <inheritdoc/>
    public string Name => "metastatic";

    /// <inheritdoc/>
    public ProviderConfig ReadConfig(ConfigMap section) => MetastaticSection.Read(section);

    /// <inheritdoc/>
    public IProvider Open(ProviderConfig config, DriverContext context) => new MetastaticProvider(config.Name, context.Feed, context.Sources);
}
