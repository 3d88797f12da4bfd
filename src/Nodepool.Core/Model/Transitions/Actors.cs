namespace Nodepool.Core.Model.Transitions;

/// <summary>Who may move a record from one state to another.</summary>
[Flags]
public enum Actors
{
    /// <summary>Nobody.</summary>
    None = 0,

    /// <summary>The launcher that runs the pool, under the node's or request's lock.</summary>
    Launcher = 1,

    /// <summary>The clean-up pass of any launcher, after the owner is gone.</summary>
    Cleanup = 2,

    /// <summary>The client that was given the node or made the request.</summary>
    Client = 4,

    /// <summary>A human, by the command line.</summary>
    Operator = 8,

    /// <summary>The builder that holds the lock.</summary>
    Builder = 16,
}
