using Nodepool.Core.Collections;
using Nodepool.Core.Config;

namespace Nodepool.Providers.Static;

/// <summary>What only the static driver knows of a pool.</summary>
/// <param name="Hosts"><c>nodes</c>, in file order.</param>
public sealed record StaticPoolOptions(ValueList<StaticHostConfig> Hosts) : DriverOptions;
