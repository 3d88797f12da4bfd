using Nodepool.Core.Explaining;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Pools;

/// <summary>What a pass has come to so far.</summary>
/// <param name="asked">A request about which a verdict is wanted; null: about none.</param>
internal sealed class PassOutcome(string? asked)
{
    private static readonly PoolVerdict SomebodyFirst = new(VerdictCode.Behind);

    /// <summary>Steps for requests and idle nodes.</summary>
    public List<PoolAction> Actions { get; } = [];

    /// <summary>Some request, be it one of min-ready, found no room: pools of lower rank need not leave theirs to this one.</summary>
    public bool IsFull { get; set; }

    /// <summary>Something could not be decided because the view is behind a charge that it has seen.</summary>
    public bool IsUnsettled { get; set; }

    /// <summary>How many launches have been decided on.</summary>
    public int Launches { get; set; }

    /// <summary>What this pool says about the request that was asked about.</summary>
    public PoolVerdict? Verdict { get; private set; }

    /// <summary>Somebody wants to know about this request: words are made for nobody else.</summary>
    public bool IsAsked(RequestView request) => request.Id == asked;

    /// <summary>What is said about a request from here on.</summary>
    public void Tell(RequestView request, VerdictCode code, string? subject = null)
    {
        if (IsAsked(request))
        {
            Verdict = new PoolVerdict(code, subject);
        }
    }

    /// <summary>What is said about a request from here on.</summary>
    /// <param name="request">It.</param>
    /// <param name="verdict">What is in the way.</param>
    /// <param name="nodesAhead">Nodes that requests before it wait for here.</param>
    public void Tell(RequestView request, PoolVerdict verdict, int nodesAhead = 0)
    {
        if (IsAsked(request))
        {
            Verdict = verdict with { NodesAhead = nodesAhead };
        }
    }

    /// <summary>"Behind that one": made anew only for the request that was asked about, as thousands may be behind one.</summary>
    public PoolVerdict Behind(RequestView request, RequestView first) =>
        IsAsked(request) ? new PoolVerdict(VerdictCode.Behind, first.Id) : SomebodyFirst;
}
