using Nodepool.Core.State;
using Nodepool.State.Tree;
using Nodepool.State.ZooKeeper.Client;

namespace Nodepool.State.ZooKeeper;

/// <summary>What ZooKeeper says, in the words of the seam.</summary>
internal static class ZooKeeperFault
{
    /// <summary>The fault of a request.</summary>
    public static StateException Of(ZooKeeperException e) => e switch
    {
        { IsOutcomeUnknown: true } => new StateException(StateFault.OutcomeUnknown, e.Path, $"{e.Message}; read before trying again", e),
        { Code: ErrorCode.SessionExpired or ErrorCode.Closing or ErrorCode.SessionMoved } => SessionFault.Ended(e.Path),
        _ => Of(e.Code, e.Path, e),
    };

    /// <summary>The fault of one write.</summary>
    /// <param name="code">Why it failed.</param>
    /// <param name="path">The entry that its caller named.</param>
    /// <param name="inner">The answer, when it was the answer to this write alone.</param>
    public static StateException Of(ErrorCode code, string path, ZooKeeperException? inner = null) => code switch
    {
        ErrorCode.NoNode => new(StateFault.NotFound, path, $"{path} does not exist.", inner),
        ErrorCode.NodeExists => new(StateFault.Exists, path, $"{path} exists already.", inner),
        ErrorCode.NotEmpty => new(StateFault.NotEmpty, path, $"{path} cannot be deleted: it has children.", inner),
        ErrorCode.BadVersion => new(StateFault.VersionMismatch, path, $"{path} has another version: somebody changed it since it was read.", inner),
        ErrorCode.NoChildrenForEphemerals => new(StateFault.NoChildrenAllowed, path, $"{path} cannot be created: what is above it is ephemeral and cannot have children.", inner),
        ErrorCode.NoAuth or ErrorCode.NotReadOnly => new(StateFault.ReadOnly, path, $"{path} may not be written: {code}; look at its ACL in ZooKeeper.", inner),
        ErrorCode.QuotaExceeded => new(StateFault.NoSpace, path, $"{path}: a quota in ZooKeeper is used up.", inner),
        ErrorCode.BadArguments when inner is not null => new(StateFault.NoSpace, path, inner.Message, inner),
        _ => new(StateFault.Unavailable, path, inner?.Message ?? $"{path}: ZooKeeper answers {code}.", inner),
    };
}
