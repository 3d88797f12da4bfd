using Nodepool.Core.Collections;
using Nodepool.Core.Config;

namespace Nodepool.Providers.OpenStack.Access.Identity;

/// <summary>What Keystone gave us.</summary>
/// <param name="Value">Goes with every call.</param>
/// <param name="ProjectId">The project that it is for; null: none.</param>
/// <param name="UserId">The user that it is for.</param>
/// <param name="Catalog">Where services are.</param>
internal sealed record CloudToken(Secret Value, string? ProjectId, string? UserId, ValueList<CatalogEndpoint> Catalog)
{
    /// <summary>When it ends, by our clock.</summary>
    public DateTimeOffset EndsAt { get; init; }

    /// <summary>When to get the next, by our clock: some minutes before.</summary>
    public DateTimeOffset RenewAt { get; init; }
}
