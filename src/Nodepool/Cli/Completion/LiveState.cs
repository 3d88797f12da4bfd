using Nodepool.Core.Config;
using Nodepool.Core.View;

namespace Nodepool.Cli.Completion;

/// <summary>Where names come from.</summary>
/// <param name="View">All records; empty when the store cannot be read.</param>
/// <param name="Config">The configuration, when it can be used.</param>
internal sealed record LiveState(ClusterView View, NodepoolConfig? Config)
{
    /// <summary>Diskimage that the line names already: only its builds and uploads are meant.</summary>
    public string? Image { get; init; }

    /// <summary>Provider that the line names already.</summary>
    public string? Provider { get; init; }

    /// <summary>Build that the line names already.</summary>
    public string? Build { get; init; }
}
