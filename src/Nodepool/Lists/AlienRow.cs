using Nodepool.Core.Providers;

namespace Nodepool.Lists;

/// <summary>Something at a provider that none of our records refers to.</summary>
/// <param name="Provider">Name of the provider that listed it.</param>
/// <param name="Resource">It.</param>
internal sealed record AlienRow(string Provider, CloudResource Resource);
