namespace Nodepool.Core.Operations;

/// <summary>A request for an image build.</summary>
/// <param name="IsNew">Nobody had asked before.</param>
/// <param name="MadeMs">When it was made, Unix milliseconds of the store: builds that answer it bear this; null when a builder has taken it back already.</param>
public sealed record BuildRequest(bool IsNew, long? MadeMs)
{
    /// <summary>There was one already, whose builds failed; it was made anew, so that the next build begins at once.</summary>
    public bool IsRenewed { get; init; }
}
