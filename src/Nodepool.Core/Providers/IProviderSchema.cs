using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;

namespace Nodepool.Core.Providers;

/// <summary>
/// The keys of one kind of provider. A version of the product may know the keys of a driver that it does not have: the sections are
/// then read and checked, and their providers are left out when it serves.
/// </summary>
public interface IProviderSchema
{
    /// <summary>The word after <c>driver:</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Reads a provider section. Problems are added to the map's list with their place; the result may then be incomplete and is
    /// not used. Common keys are read by <see cref="ProviderSection"/>.
    /// </summary>
    ProviderConfig ReadConfig(ConfigMap section);
}
