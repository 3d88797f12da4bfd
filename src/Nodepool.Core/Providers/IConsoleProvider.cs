namespace Nodepool.Core.Providers;

/// <summary>Optional power of an <see cref="IProvider"/>: the console output of a machine.</summary>
public interface IConsoleProvider
{
    /// <summary>The last part of the console log, or null when there is none.</summary>
    ValueTask<string?> GetConsoleLogAsync(string externalId, CancellationToken ct);
}
