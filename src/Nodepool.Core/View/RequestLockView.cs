using System.Collections.Immutable;

namespace Nodepool.Core.View;

/// <summary>The lock directory of a request, which stays behind when the request is gone.</summary>
/// <param name="Request">Id of the request.</param>
/// <param name="CreatedMs">When the directory was made, Unix milliseconds by the store's clock.</param>
/// <param name="Contenders">Names of holders and waiters.</param>
public sealed record RequestLockView(string Request, long CreatedMs, ImmutableHashSet<string> Contenders);
