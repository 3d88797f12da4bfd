namespace Nodepool.Core.Explaining;

/// <summary>Why a pool has not served a request yet: a closed set, whose words (<see cref="Verdicts.Word"/>) programs may rely on.</summary>
public enum VerdictCode
{
    /// <summary>Nothing is in the way: its next pass takes it.</summary>
    Accepting,

    /// <summary>All its nodes are ready: it is fulfilled in a moment.</summary>
    Ready,

    /// <summary>Its nodes are being launched here.</summary>
    Launching,

    /// <summary>A launch has come to nothing.</summary>
    LaunchFailed,

    /// <summary>Another pool has accepted it.</summary>
    TakenElsewhere,

    /// <summary>The pool has refused it.</summary>
    Declined,

    /// <summary>Somebody is working with the request.</summary>
    Locked,

    /// <summary>It asks for nothing.</summary>
    NoLabels,

    /// <summary>The pool does not have one of the labels.</summary>
    LabelAbsent,

    /// <summary>The pool may have no nodes at all.</summary>
    PoolClosed,

    /// <summary>It needs more than a limit allows, were everything free.</summary>
    TooLarge,

    /// <summary>Another pool comes first: of the provider that is wanted, or of higher rank.</summary>
    LeftToOthers,

    /// <summary>Nodes are launched from an image that is not there.</summary>
    ImageMissing,

    /// <summary>The launcher was told to begin no nodes.</summary>
    LaunchesOff,

    /// <summary>An operator wants the provider to become empty.</summary>
    Draining,

    /// <summary>All hosts of the label are in use; the pool launches none.</summary>
    SlotsInUse,

    /// <summary>It only fills <c>min-ready</c>, and nodes of hosts are ready without being asked for.</summary>
    ReadyUnasked,

    /// <summary>A limit of the pool or of its provider is reached.</summary>
    Quota,

    /// <summary>The cloud has said that its quota is used up.</summary>
    CloudQuota,

    /// <summary>So many nodes as may be launched at the same time are being launched.</summary>
    MaxConcurrency,

    /// <summary>As many nodes are being launched as the cloud takes well.</summary>
    Governed,

    /// <summary>Launches fail altogether; single ones try whether they still do.</summary>
    BreakerOpen,

    /// <summary>It has been tried for as long as it may be.</summary>
    Deadline,

    /// <summary>The limit of its tenant is reached.</summary>
    TenantLimit,

    /// <summary>An earlier request waits for the room.</summary>
    Behind,

    /// <summary>It only fills <c>min-ready</c>, and somebody needs the room.</summary>
    Yields,

    /// <summary>It counts as accepted, but no pool has nodes for it: the launcher that had it has ended.</summary>
    Lost,

    /// <summary>The pool is run by another program, which does not tell.</summary>
    Unknown,
}
