using Nodepool.Core.Collections;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Duties;

/// <summary>What <see cref="MinReadyPlanner"/> wants done.</summary>
/// <param name="Create">Labels to request a node of, one element per request.</param>
/// <param name="Finish">Our own requests that have ended or that nobody needs: their nodes become idle and they are deleted.</param>
public sealed record MinReadyPlan(ValueList<string> Create, ValueList<RequestView> Finish);
