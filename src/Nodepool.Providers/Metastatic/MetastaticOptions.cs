using Nodepool.Core.Config;

namespace Nodepool.Providers.Metastatic;

/// <summary>What only the metastatic driver knows of a provider.</summary>
/// <param name="ActionInterval">Least time between two launches or deletions of slots; <c>rate</c>, times per second in the file.</param>
public sealed record MetastaticOptions(TimeSpan ActionInterval) : DriverOptions;
