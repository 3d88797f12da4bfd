namespace Nodepool.Core.Config.Reading;

/// <summary>Reads a whole configuration file.</summary>
public sealed class NodepoolConfigReader
{
    /// <summary>The driver of a provider that names none.</summary>
    internal const string DefaultDriver = "openstack";
}
