using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;
using Nodepool.Core.Providers;

namespace Nodepool.Providers;

/// <summary>The keys of a kind of provider whose driver does not exist yet.</summary>
/// <param name="name">The word after <c>driver:</c>.</param>
/// <param name="read">Reads a section.</param>
internal sealed class SectionSchema(string name, Func<ConfigMap, ProviderConfig> read) : IProviderSchema
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public ProviderConfig ReadConfig(ConfigMap section) => read(section);
}
