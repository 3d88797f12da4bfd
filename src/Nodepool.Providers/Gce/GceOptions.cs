using Nodepool.Core.Config;

namespace Nodepool.Providers.Gce;

/// <summary>What a provider of driver <c>gce</c> adds to the common keys.</summary>
/// <param name="Project"><c>project</c>.</param>
/// <param name="Region"><c>region</c>.</param>
/// <param name="Zone"><c>zone</c>.</param>
public sealed record GceOptions(string Project, string Region, string Zone) : DriverOptions;
