using Nodepool.Core.Reconciling;

namespace Nodepool.Roles;

/// <summary>A role that is one function.</summary>
internal sealed class NamedRole(string name, Func<CancellationToken, Task> run) : IRole
{
    public string Name => name;

    public Task RunAsync(CancellationToken ct) => run(ct);
}
