namespace Nodepool.Core.Operations;

/// <summary>What a client that waits for a request has to know.</summary>
public enum RequestOutcome
{
    /// <summary>Not yet.</summary>
    Waiting,

    /// <summary>Its nodes can be taken.</summary>
    Fulfilled,

    /// <summary>It will never be fulfilled.</summary>
    Failed,

    /// <summary>The record is not there: somebody has deleted it.</summary>
    Gone,
}
