namespace Nodepool.Core.Model;

/// <summary>State of a node. The wire words are in <see cref="Words"/>.</summary>
public enum NodeState
{
    /// <summary>The record exists, nothing was asked of the cloud.</summary>
    Init,

    /// <summary>Being launched.</summary>
    Building,

    /// <summary>Valid but unused since the seed era.</summary>
    Testing,

    /// <summary>Answers on ssh; idle, or assigned to a request that has not taken it yet.</summary>
    Ready,

    /// <summary>A client works with it and holds its lock.</summary>
    InUse,

    /// <summary>The client has returned it; to be deleted.</summary>
    Used,

    /// <summary>Kept for a human.</summary>
    Hold,

    /// <summary>Being deleted.</summary>
    Deleting,

    /// <summary>Gone at the cloud; the record follows in an instant.</summary>
    Deleted,

    /// <summary>All launch attempts failed; to be deleted.</summary>
    Failed,

    /// <summary>The cloud had no quota for it; to be deleted. Not a failure.</summary>
    Aborted,
}
