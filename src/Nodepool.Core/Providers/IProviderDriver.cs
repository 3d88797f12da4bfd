using Nodepool.Core.Config;

namespace Nodepool.Core.Providers;

/// <summary>The code for one kind of provider: reads its sections and opens providers from them.</summary>
public interface IProviderDriver : IProviderSchema
{
    /// <summary>Opens a provider. Must not block on the cloud: what is missing there is told by the calls that need it.</summary>
    /// <param name="config">Its section as far as it stays the same while the provider is open: <see cref="ProviderConfig.OpenPart"/>.</param>
    /// <param name="context">What the process has for it.</param>
    IProvider Open(ProviderConfig config, DriverContext context);
}
