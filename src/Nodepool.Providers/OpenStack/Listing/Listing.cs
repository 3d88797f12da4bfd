namespace Nodepool.Providers.OpenStack.Listing;

/// <summary>All things of one kind, as a service told them at one moment.</summary>
/// <param name="Number">Counts the listings; of two listings the one with the greater number began later.</param>
/// <param name="Begun">When the service was asked, as <see cref="TimeProvider.GetTimestamp"/> counts: what happened before is in it.</param>
/// <param name="Items">The things.</param>
internal sealed record Listing<T>(long Number, long Begun, IReadOnlyList<T> Items);
