using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Explaining;
using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Core.Operations;

/// <summary>How far a request is and what it waits for.</summary>
/// <param name="Outcome">For programs.</param>
/// <param name="Text">For people: one line, without the request's id.</param>
public sealed record RequestProgress(RequestOutcome Outcome, string Text)
{
    /// <summary>The launch attempts of its nodes that have failed, as far as the records still tell.</summary>
    public ValueList<LaunchFailure> Failures { get; init; } = [];

    /// <summary>The text with the failures, for who looks once.</summary>
    public string Summary => string.Join("; ", Failures.Select(failure => failure.Text).Prepend(Text));

    /// <summary>Looks at a request.</summary>
    /// <param name="view">All records.</param>
    /// <param name="config">Which images labels need; null when it is not known.</param>
    /// <param name="order">Who is before whom.</param>
    /// <param name="id">The request.</param>
    public static RequestProgress Of(ClusterView view, NodepoolConfig? config, WaitingOrder order, string id)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(order);
        if (view.Requests.GetValueOrDefault(id) is not { } request)
        {
            return new(RequestOutcome.Gone, "was deleted by somebody");
        }

        return request.Record switch
        {
            null => new(RequestOutcome.Waiting, "has a record that cannot be understood"),
            { State: RequestState.Fulfilled } record => new(RequestOutcome.Fulfilled, $"has got {Nodes(record.Nodes)}"),
            { State: RequestState.Failed } record => new(RequestOutcome.Failed, Failure(view, record)),
            { State: RequestState.Pending } record => new(RequestOutcome.Waiting, Pending(view, id, record)) { Failures = LaunchFailure.Of(view, id) },
            { } record => new(RequestOutcome.Waiting, Requested(view, config, order, request, record)),
        };
    }

    private static string Requested(ClusterView view, NodepoolConfig? config, WaitingOrder order, RequestView request, NodeRequestRecord record)
    {
        var live = view.Pools.ToList();
        var unserved = record.NodeTypes.Distinct(StringComparer.Ordinal).Where(label => !live.Any(pool => pool.SupportedLabels.Contains(label))).ToList();
        if (unserved.Count > 0)
        {
            return live.Count == 0 ? "waits for a launcher: none is running" : $"waits for a pool that serves {string.Join(", ", unserved)}: none is running";
        }

        if (MissingImages(view, config, record) is { Length: > 0 } missing)
        {
            return $"waits for {missing}";
        }

        var ahead = order.PlaceOf(request.Id) - 1;
        var declined = record.DeclinedBy.Count == 0 ? "" : $"; declined so far by {Pools(view, record)}";
        return (ahead > 0 ? $"waits behind {ahead} other request{(ahead == 1 ? "" : "s")}" : "waits for a pool to take it") + declined;
    }

    private static string Pending(ClusterView view, string id, NodeRequestRecord record)
    {
        var nodes = view.Nodes.Of(id).Select(node => view.Nodes.ById[node]).ToList();
        var parts = nodes.Where(node => node.Record is { State: not NodeState.Ready }).Select(node => Describe(view, node)).ToList();
        var ready = nodes.Count(node => node.Record is { State: NodeState.Ready });
        var missing = record.NodeTypes.Count - nodes.Count;
        if (missing > 0)
        {
            parts.Add($"{missing} node{(missing == 1 ? "" : "s")} wait{(missing == 1 ? "s" : "")} for room in the pool");
        }

        return $"has {ready} of {record.NodeTypes.Count} nodes ready" + (parts.Count == 0 ? "" : ": " + string.Join("; ", parts));
    }

    private static string Describe(ClusterView view, NodeView node)
    {
        var record = node.Record!;
        if (record is { State: NodeState.Building, Launch.Phase: LaunchPhase.Create, Place: null } && BiggerNodes(view, record) is { Length: > 0 } asked)
        {
            return $"node {node.Id} waits for a slot of a bigger node, which is asked for by {asked}";
        }

        var attempt = record.Launch is { Attempt: > 1 and var number } ? $" (attempt {number})" : "";
        return $"node {node.Id} {Doing(record)}{attempt}";
    }

    /// <summary>The requests by which a provider whose nodes are slots of others' nodes has asked for more of those, with how to look further.</summary>
    private static string BiggerNodes(ClusterView view, NodeRecord node) => string.Join(
        ", ",
        view.RequestsOf(BackingRecord.OwnerOf(node.Provider ?? "")).Where(request => request.IsOpen).OrderBy(request => request.Id, StringComparer.Ordinal)
            .Select(request => $"request {request.Id} for {string.Join(',', request.Record!.NodeTypes)} (nodepool explain {request.Id})"));

    private static string Doing(NodeRecord record) => (record.State, record.Launch?.Phase) switch
    {
        (NodeState.Building, LaunchPhase.Create) => "is being made",
        (NodeState.Building, LaunchPhase.Scan) => "has booted, its ssh is waited for",
        (NodeState.Building, LaunchPhase.Clean) => "could not be launched, what is left of it is being removed",
        (NodeState.Failed, _) => "could not be launched",
        (NodeState.Aborted, _) => "found no room at the provider and is launched anew",
        _ => $"is {record.State.Word()}",
    };

    private static string MissingImages(ClusterView view, NodepoolConfig? config, NodeRequestRecord record)
    {
        var waits = new List<string>();
        if (config is null)
        {
            return "";
        }

        foreach (var label in record.NodeTypes.Distinct(StringComparer.Ordinal))
        {
            var offers = (from provider in config.Providers
                          from pool in provider.Pools
                          where pool.FindLabel(label) is not null
                          select (provider.Name, Image: pool.FindLabel(label)!.DiskImage)).ToList();
            if (offers.Count > 0 && offers.All(offer => offer.Image is not null && view.Image(offer.Image).NewestReadyUpload(offer.Name) is null))
            {
                waits.AddRange(offers.Select(offer => ImageProgress.Of(view.Image(offer.Image!))).Distinct(StringComparer.Ordinal));
            }
        }

        return string.Join("; ", waits.Distinct(StringComparer.Ordinal));
    }

    private static string Failure(ClusterView view, NodeRequestRecord record)
    {
        var live = view.Pools.SelectMany(pool => pool.SupportedLabels).ToHashSet(StringComparer.Ordinal);
        var unserved = record.NodeTypes.Where(label => !live.Contains(label)).Distinct(StringComparer.Ordinal).ToList();
        var why = unserved.Count > 0 ? $": no live pool serves {string.Join(", ", unserved)}" : "";
        return record.DeclinedBy.Count == 0 ? $"failed{why}"
            : record.DeclineReasons.Count > 0 ? $"failed: {string.Join("; ", record.DeclineReasons)}"
            : $"failed{why}; declined by {Pools(view, record)} (the launcher's log says why)";
    }

    private static string Pools(ClusterView view, NodeRequestRecord record)
    {
        var names = view.Pools.ToDictionary(pool => pool.Id!, pool => $"{pool.ProviderName}/{pool.Name}", StringComparer.Ordinal);
        return string.Join(", ", record.DeclinedBy.Select(id => names.GetValueOrDefault(id, "a pool that has ended")).Distinct(StringComparer.Ordinal));
    }

    private static string Nodes(IReadOnlyList<string> ids) => ids.Count == 1 ? $"node {ids[0]}" : $"nodes {string.Join(", ", ids)}";
}
