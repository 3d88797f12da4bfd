namespace Nodepool.Testing.Load;

/// <summary>What became of a load.</summary>
/// <param name="Waits">Seconds from the request to its nodes, of those that got them, in ascending order.</param>
/// <param name="Failed">Requests that failed.</param>
/// <param name="Late">Requests that got their nodes later than their clients can use.</param>
/// <param name="Launches">Launches that clouds were asked for.</param>
/// <param name="Wasted">Those of them whose instance served nobody.</param>
/// <param name="Calls">Calls that clouds got.</param>
internal sealed record LoadResult(IReadOnlyList<double> Waits, int Failed, int Late, int Launches, int Wasted, long Calls)
{
    /// <summary>All requests.</summary>
    public int Requests => Waits.Count + Failed;

    /// <summary>The part of the requests that got their nodes in time.</summary>
    public double InTime => (Waits.Count - Late) / (double)Requests;

    /// <summary>The wait that this part of the requests stayed below; a failed one waits for ever.</summary>
    public double Quantile(double part)
    {
        var place = (int)(part * Requests);
        return place < Waits.Count ? Waits[place] : double.PositiveInfinity;
    }

    /// <summary>Several runs together.</summary>
    public static LoadResult Sum(IReadOnlyCollection<LoadResult> results) => new(
        [.. results.SelectMany(result => result.Waits).Order()],
        results.Sum(result => result.Failed),
        results.Sum(result => result.Late),
        results.Sum(result => result.Launches),
        results.Sum(result => result.Wasted),
        results.Sum(result => result.Calls));
}
