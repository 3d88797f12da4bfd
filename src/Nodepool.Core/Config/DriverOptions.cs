namespace Nodepool.Core.Config;

/// <summary>Parent of the records in which a driver keeps its own keys of a provider, pool or label section. Compares by value.</summary>
public abstract record DriverOptions;
