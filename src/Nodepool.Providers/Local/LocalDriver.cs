using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;
using Nodepool.Core.Providers;

namespace Nodepool.Providers.Local;

/// <summary>Nodes on this host: virtual machines and containers.</summary>
public sealed class LocalDriver : IProviderDriver
{
    /// <summary>The word after <c>driver:</c>.</summary>
    public const string DriverName = "local";

    private readonly LocalPrograms _programs;

    /// <summary>The driver with the programs of this host.</summary>
    public LocalDriver()
        : this(new LocalPrograms())
    {
    }

    /// <summary>Where a provider with this directory keeps the private key that may log in to its nodes.</summary>
    public static string OperatorKeyIn(string directory) => new LocalPaths(directory).OperatorKey;

    internal LocalDriver(LocalPrograms programs) => _programs = programs;

    /// <inheritdoc/>
    public string Name => DriverName;

    /// <inheritdoc/>
    public ProviderConfig ReadConfig(ConfigMap section) => LocalSection.Read(section);

    /// <inheritdoc/>
    public IProvider Open(ProviderConfig config, DriverContext context) => new LocalProvider(config, context, _programs);
}
