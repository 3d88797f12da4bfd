namespace Nodepool.Core.State;

/// <summary>A fault of the state store.</summary>
public sealed class StateException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="fault">What went wrong.</param>
    /// <param name="path">The entry concerned, or the store's own location.</param>
    /// <param name="message">A sentence for people, with the remedy where there is one.</param>
    /// <param name="inner">What the storage library said, if it was its fault.</param>
    public StateException(StateFault fault, string path, string message, Exception? inner = null)
        : base(message, inner)
    {
        Fault = fault;
        Path = path;
    }

    /// <summary>What went wrong.</summary>
    public StateFault Fault { get; }

    /// <summary>The entry concerned, or the store's own location.</summary>
    public string Path { get; }

    /// <summary>The ordinary outcome of a race with another process: read again and decide anew.</summary>
    public bool IsConflict => Fault is StateFault.NotFound or StateFault.Exists or StateFault.NotEmpty or StateFault.VersionMismatch;
}
