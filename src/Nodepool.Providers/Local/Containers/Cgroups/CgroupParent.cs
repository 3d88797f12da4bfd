using Nodepool.Core.Collections;

namespace Nodepool.Providers.Local.Containers.Cgroups;

/// <summary>The group of ours in one hierarchy, below which each container gets its own.</summary>
/// <param name="Directory">Its directory.</param>
/// <param name="Unified">True for version 2.</param>
/// <param name="Controllers">Those of <see cref="CgroupLimits.Controllers"/> that it can limit.</param>
internal sealed record CgroupParent(string Directory, bool Unified, ValueList<string> Controllers);
