using Nodepool.Core.Reconciling;

namespace Nodepool.Roles;

/// <summary>Roles that were made for one session of the store and end with it.</summary>
/// <param name="roles">The roles, in the order in which they are started.</param>
/// <param name="farewell">Says what stays when everything has ended in order.</param>
/// <param name="close">Closes what the roles shared, after the last of them has ended.</param>
/// <param name="ended">Cancelled when the session is over.</param>
internal sealed class RoleSession(IReadOnlyList<IRole> roles, Func<string> farewell, Func<ValueTask> close, CancellationToken ended) : IAsyncDisposable
{
    public IReadOnlyList<IRole> Roles => roles;

    public CancellationToken Ended => ended;

    public string Farewell => farewell();

    public ValueTask DisposeAsync() => close();
}
