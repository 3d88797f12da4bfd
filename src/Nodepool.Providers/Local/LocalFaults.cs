using Nodepool.Core.Providers;
using Nodepool.Providers.Processes;

namespace Nodepool.Providers.Local;

/// <summary>Translates what this host can answer.</summary>
internal static class LocalFaults
{
    private const int NoSpace = 28;
    private const int OverQuota = 122;

    /// <summary>Runs a step; whatever the host refuses comes out as a fault.</summary>
    /// <param name="directory">Where the step writes; named when the disk is full.</param>
    /// <param name="step">The step.</param>
    public static async ValueTask<T> TranslateAsync<T>(string directory, Func<ValueTask<T>> step)
    {
        try
        {
            return await step();
        }
        catch (Exception e) when (Translate(directory, e) is { } fault)
        {
            throw fault;
        }
    }

    /// <summary>The fault that an exception means, or null when it is none of the host's.</summary>
    public static ProviderException? Translate(string directory, Exception exception) => exception switch
    {
        IOException { HResult: NoSpace or OverQuota } => NoRoom(directory, exception),
        ProgramMissingException => new ProviderException(ProviderFault.Rejected, exception.Message, exception),
        TimeoutException => new ProviderException(ProviderFault.Unavailable, exception.Message, exception),
        UnauthorizedAccessException => new ProviderException(
            ProviderFault.Rejected, $"{exception.Message} Give this user the rights to {directory}, or use another directory.", exception),
        IOException => new ProviderException(ProviderFault.Unavailable, exception.Message, exception),
        _ => null,
    };

    /// <summary>The fault of a program that ended with an error; a full disk is told from its words.</summary>
    public static ProviderException Failed(string what, string directory, ProcessOutcome outcome) =>
        outcome.LastLines.Contains("No space left on device", StringComparison.Ordinal)
            ? NoRoom(directory, null)
            : new ProviderException(ProviderFault.Rejected, $"{what} failed with exit status {outcome.ExitCode}: {(outcome.LastLines.Length == 0 ? "it said nothing" : outcome.LastLines)}");

    /// <summary>The disk is full.</summary>
    public static ProviderException NoRoom(string directory, Exception? cause, string detail = "") =>
        new(ProviderFault.CapacityUnavailable, $"no space is left on the disk that holds {directory}{detail}; free some, or move the directory to a larger disk", cause);
}
