using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;

namespace Nodepool.Core.Providers;

/// <summary>The code for one kind of provider.</summary>
public interface IProviderDriver
{
    /// <summary>The word after <c>driver:</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Reads a provider section. Problems are added to the map's list with their place; the result may then be incomplete and is
    /// not used. Common keys are read by <see cref="ProviderSection"/>.
    /// </summary>
    ProviderConfig ReadConfig(ConfigMap section);

    /// <summary>Opens a provider. Must not block on the cloud: what is missing there is told by the calls that need it.</summary>
    IProvider Open(ProviderConfig config, DriverContext context);
}
