using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;
using Nodepool.Core.Providers;

namespace Nodepool.Providers.Static;

/// <summary>The driver <c>static</c>: machines that exist already and are lent out, slot by slot.</summary>
/// <param name="scanner">Looks whether a machine answers and which host keys it shows.</param>
public sealed class StaticDriver(INodeScanner scanner) : IProviderDriver
{
    /// <inheritdoc/>
    public string Name => "static";

    /// <inheritdoc/>
    public ProviderConfig ReadConfig(ConfigMap section) => StaticSection.Read(section);

    /// <inheritdoc/>
    public IProvider Open(ProviderConfig config, DriverContext context) => new StaticProvider(new HostCheck(scanner));
}
