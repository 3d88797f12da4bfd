using Nodepool.Core.Config;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Backing;

/// <summary>
/// Decides how bigger nodes are asked for, shared among nodes slot by slot, and given back (driver <c>metastatic</c>). Pure. What is whose is in the
/// records alone, where Python's launchers keep it too: in a placed node's <c>driver_data</c> and a backing node's <c>user_data</c>.
/// </summary>
public static class BackingPlanner
{
    /// <summary>Decides.</summary>
    /// <param name="view">All records.</param>
    /// <param name="provider">The section of the provider.</param>
    /// <param name="memory">What records do not tell.</param>
    /// <param name="unixNow">Now, Unix seconds.</param>
    public static BackingPlan Plan(ClusterView view, ProviderConfig provider, BackingMemory memory, double unixNow) =>
        new BackingPass(view, provider, memory, unixNow).Run();
}
