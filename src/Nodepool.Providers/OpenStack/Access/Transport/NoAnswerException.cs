namespace Nodepool.Providers.OpenStack.Access.Transport;

/// <summary>A call that was not answered, or not to the end: nobody knows whether it was carried out.</summary>
/// <param name="message">What happened, without the call itself.</param>
/// <param name="inner">What the transport said.</param>
/// <param name="isLasting">Trying again soon will not help.</param>
internal sealed class NoAnswerException(string message, Exception? inner = null, bool isLasting = false) : Exception(message, inner)
{
    /// <summary>Trying again soon will not help.</summary>
    public bool IsLasting { get; } = isLasting;
}
