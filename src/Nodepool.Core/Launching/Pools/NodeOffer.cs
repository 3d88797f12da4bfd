using Nodepool.Core.Collections;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Pools;

/// <summary>How a request could be served.</summary>
/// <param name="Reused">Idle nodes that it would get.</param>
/// <param name="Launches">Labels that would be launched, one element per node.</param>
/// <param name="Zone">Availability zone of all of them; null leaves it to the cloud.</param>
internal sealed record NodeOffer(List<NodeView> Reused, ValueList<string> Launches, string? Zone);
