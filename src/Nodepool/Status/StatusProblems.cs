using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Explaining;
using Nodepool.Core.Launching.Standing;
using Nodepool.Core.Config.Reading;
using Nodepool.Core.Model;
using Nodepool.Core.Operations;
using Nodepool.Core.View;

namespace Nodepool.Status;

/// <summary>Finds what needs a person: one sentence each, the worst first.</summary>
internal static class StatusProblems
{
    private const double LongDeletion = 600;

    public static IEnumerable<string> Of(ClusterView view, ConfigResult config, double now) =>
        [.. Configuration(config), .. ConfigProblems.Of(view), .. Processes(view, config.Config), .. Drains(view), .. Images(view, config.Config), .. Breakers(view, now), .. Hosts(view, config.Config), .. Labels(view, config.Config, now), .. LeftProviders.WithNodes(view, config.Config), .. LeftProviders.WithUploads(view, config.Config), .. Nodes(view, now), .. Requests(view, config.Config, now), .. Records(view)];

    private static IEnumerable<string> Configuration(ConfigResult config)
    {
        var errors = config.Problems.Where(problem => problem.IsError).ToList();
        if (errors is [var first, ..])
        {
            var more = errors.Count == 1 ? "" : $" (and {errors.Count - 1} more: nodepool config-validate)";
            yield return $"the configuration file cannot be used; what runs keeps the last good version: {first}{more}";
        }
    }

    private static IEnumerable<string> Processes(ClusterView view, NodepoolConfig? config)
    {
        var kinds = view.Components.Values.Select(component => component.Kind).ToHashSet(StringComparer.Ordinal);
        if (!kinds.Contains("launcher"))
        {
            yield return "no launcher is running: requests wait and nodes are not replaced (nodepool launcher, or nodepool up)";
        }

        foreach (var launcher in view.Components.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value).Where(component => component.SwitchedOff.Count > 0))
        {
            var options = string.Join(' ', launcher.SwitchedOff.Select(word => $"--no-{word}"));
            yield return $"the launcher on {launcher.Hostname} runs with {options}: what it leaves alone is done by other launchers or waits";
        }

        if (!kinds.Contains("builder") && config?.DiskImages.Any(image => !image.IsAbstract) == true)
        {
            yield return "no builder is running: images are not built (nodepool builder, or nodepool up)";
        }

        foreach (var provider in kinds.Contains("launcher") && config is not null ? config.Providers : [])
        {
            foreach (var pool in provider.Pools.Where(pool => !view.Pools.Any(live => live.ProviderName == provider.Name && live.Name == pool.Name)))
            {
                yield return $"pool {provider.Name}/{pool.Name} is in the configuration, but no launcher runs it (see the launcher's log)";
            }
        }
    }

    private static IEnumerable<string> Drains(ClusterView view) =>
        from drain in view.Drains
        orderby drain.Key
        let who = drain.Value.Text is { Length: > 0 } text ? $" {text}" : ""
        select $"provider {drain.Key} is being drained{who}; {DrainProgress.Of(view, drain.Key).Text} (nodepool drain {drain.Key} --undo lets it serve again)";

    private static IEnumerable<string> Images(ClusterView view, NodepoolConfig? config) =>
        from image in config?.DiskImages ?? []
        where !image.IsAbstract
        let stored = view.Image(image.Name)
        let failure = ImageProgress.LastFailure(stored)
        where failure is not null
        let older = stored.ReadyBuilds.Any() ? "; nodes boot from an older build meanwhile" : ""
        select $"image {image.Name}: the last build or upload failed: {failure}{older}";

    private static IEnumerable<string> Breakers(ClusterView view, double now) =>
        from pool in view.Pools.OrderBy(pool => pool.ProviderName, StringComparer.Ordinal).ThenBy(pool => pool.Name, StringComparer.Ordinal)
        from lane in view.TermsOf(pool.Id ?? "")?.Lanes ?? ValueMap<LaneTerms>.Empty
        where lane.Value.OpenSince is not null
        let what = lane.Key == LaneTerms.All ? "launches" : $"launches of label {lane.Key}"
        select $"pool {pool.ProviderName}/{pool.Name}: {what} fail since {(now - lane.Value.OpenSince!.Value) / 60:0} minutes; requests go to other pools or wait, and single launches are tried: {lane.Value.Failure}";

    /// <summary>Hosts that exist and of which nobody may have a node. One that was given back a moment ago is looked at first.</summary>
    private static IEnumerable<string> Hosts(ClusterView view, NodepoolConfig? config) =>
        from provider in config?.Providers ?? []
        where !view.IsDrained(provider.Name)
        from pool in provider.Pools
        let key = new PoolKey(provider.Name, pool.Name)
        where pool.IsStanding && view.IsRun(key)
        let nodes = view.Nodes.In(key).Select(id => view.Nodes.ById[id].Record).OfType<NodeRecord>().ToList()
        from machine in pool.Machines
        where !nodes.Exists(node => StandingSlot.IsOn(node, machine))
        select $"host {machine.Id} of pool {key} has no node: it does not answer, or shows other host keys than the configuration has (the launcher's log says which)";

    private static IEnumerable<string> Labels(ClusterView view, NodepoolConfig? config, double now) =>
        from label in config is null ? [] : LabelCount.All(view, config, now)
        where label.MinReady is { } wanted && label.Idle < wanted
        let coming = label.In(NodeState.Init, NodeState.Building)
        select $"label {label.Label}: {label.Idle} of {label.MinReady} nodes ready{(coming > 0 ? $", {coming} being launched" : "")}";

    private static IEnumerable<string> Nodes(ClusterView view, double now)
    {
        foreach (var node in view.Nodes.ById.Values.Where(node => node.Record is not null).OrderBy(node => node.Id, StringComparer.Ordinal))
        {
            var record = node.Record!;
            if (record is { State: NodeState.Building or NodeState.Failed, Launch.Failure: { } failure })
            {
                yield return $"node {node.Id} ({string.Join(',', record.Type)} at {record.Provider}): a launch attempt failed: {failure}";
            }

            if (record.State == NodeState.Deleting && now - record.StateTime > LongDeletion)
            {
                yield return $"node {node.Id} is being deleted since {(now - record.StateTime) / 60:0} minutes: {record.Provider} does not say that it is gone";
            }
        }
    }

    private static IEnumerable<string> Requests(ClusterView view, NodepoolConfig? config, double now) =>
        from request in view.Requests.Values
        where request.Record?.State == RequestState.Failed
        orderby request.Id
        select $"request {request.Id} {RequestProgress.Of(view, config, new WaitingOrder(view, now), request.Id).Text}";

    private static IEnumerable<string> Records(ClusterView view)
    {
        var unreadable = view.Nodes.ById.Values.Where(node => node.Record is null).Select(node => NodepoolPaths.Node(node.Id))
            .Concat(view.Requests.Values.Where(request => request.Record is null).Select(request => NodepoolPaths.Request(request.Id)))
            .Order(StringComparer.Ordinal).ToList();
        return unreadable.Count == 0 ? [] : [$"{unreadable.Count} record(s) cannot be understood and are left alone: {string.Join(", ", unreadable.Take(3))}"];
    }
}
