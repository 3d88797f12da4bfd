using Nodepool.Core.Config;

namespace Nodepool.Providers.Fake;

/// <summary>What only the fake driver knows of a label.</summary>
/// <param name="Flavor">Size of its instances.</param>
public sealed record FakeLabelOptions(FakeFlavor Flavor) : DriverOptions;
