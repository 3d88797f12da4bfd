namespace Nodepool.Core.Providers;

/// <summary>A node did not answer as wanted in time.</summary>
public sealed class NodeScanException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What was tried, for how long, and what was seen last.</param>
    /// <param name="inner">The last failure.</param>
    public NodeScanException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
