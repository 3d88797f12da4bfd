namespace Nodepool.Core.Providers;

/// <summary>A fault of a cloud, translated by its driver.</summary>
public sealed class ProviderException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="fault">What the fault means for us.</param>
    /// <param name="message">A sentence for people: what was asked, what came back, what to do. No secrets.</param>
    /// <param name="inner">The original exception, if there was one.</param>
    public ProviderException(ProviderFault fault, string message, Exception? inner = null)
        : base(message, inner) => Fault = fault;

    /// <summary>What the fault means for us.</summary>
    public ProviderFault Fault { get; }
}
