using Nodepool.Core.Providers;
using Nodepool.Providers.OpenStack;

namespace Nodepool.Providers;

/// <summary>The kinds of providers whose keys are known here although their driver does not exist yet.</summary>
public static class ProviderSchemas
{
    /// <summary>One each; a driver that gets built moves to where drivers are put together.</summary>
    public static IReadOnlyList<IProviderSchema> WithoutDriver { get; } = [new OpenStackSchema()];
}
