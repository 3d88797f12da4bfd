namespace Nodepool.Core.Reconciling;

/// <summary>One of the jobs that the program does in the foreground: launcher, builder, web.</summary>
public interface IRole
{
    /// <summary>Its name, as on the command line.</summary>
    string Name { get; }

    /// <summary>
    /// Works until cancelled; then ends what it does in order and returns, or throws <see cref="OperationCanceledException"/>. Whoever
    /// runs it starts it again, with back-off, after any other exception and after an early return.
    /// </summary>
    Task RunAsync(CancellationToken ct);
}
