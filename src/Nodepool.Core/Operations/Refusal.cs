namespace Nodepool.Core.Operations;

/// <summary>Why an operation that a client or operator asked for was not done: a closed set.</summary>
public enum Refusal
{
    /// <summary>What it is about does not exist.</summary>
    NotFound,

    /// <summary>Its present state does not allow it, or it is not the caller's to do.</summary>
    WrongState,

    /// <summary>Somebody else works with it.</summary>
    Locked,

    /// <summary>It was changed by others again and again while the operation tried.</summary>
    Busy,
}
