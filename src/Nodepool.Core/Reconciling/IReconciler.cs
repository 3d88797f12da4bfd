namespace Nodepool.Core.Reconciling;

/// <summary>
/// Brings one part of the world nearer to what it should be. A pass starts from nothing but stored records, so that it may be run at
/// any time, any number of times, by any process that has the right to.
/// </summary>
public interface IReconciler
{
    /// <summary>For logs.</summary>
    string Name { get; }

    /// <summary>Runs one pass.</summary>
    /// <returns>When the next pass is due even if nothing changes.</returns>
    ValueTask<TimeSpan> ReconcileAsync(CancellationToken ct);
}
