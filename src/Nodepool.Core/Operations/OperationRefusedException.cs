namespace Nodepool.Core.Operations;

/// <summary>An operation was not done; nothing was changed. The message is one sentence for the person who asked, with the remedy.</summary>
public sealed class OperationRefusedException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="reason">Why, for programs.</param>
    /// <param name="message">Why and what to do, for people.</param>
    public OperationRefusedException(Refusal reason, string message)
        : base(message) => Reason = reason;

    /// <summary>Why.</summary>
    public Refusal Reason { get; }
}
