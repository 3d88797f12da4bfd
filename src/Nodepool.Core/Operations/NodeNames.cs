using Nodepool.Core.Config;
using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Core.Operations;

/// <summary>What CI systems call nodes: by their id, their host, or as <c>job-events</c> says.</summary>
public static class NodeNames
{
    /// <summary>The node in use or held that has a name; null when none has, or several have.</summary>
    /// <param name="view">All records.</param>
    /// <param name="config">Has the templates.</param>
    /// <param name="name">As the CI system calls it.</param>
    public static NodeView? Find(ClusterView view, NodepoolConfig config, string name)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(config);
        string[] whole = [.. config.JobEvents.NodeNames, JobEventsConfig.UsualName];
        string[] templates = [.. whole.Concat(whole.Select(WithoutDomain)).Distinct(StringComparer.Ordinal)];
        var found = view.Nodes.ById.Values
            .Where(node => node.Record is { State: NodeState.InUse or NodeState.Hold } record && Of(node.Id, record, templates).Contains(name, StringComparer.Ordinal)).Take(2).ToList();
        return found.Count == 1 ? found[0] : null;
    }

    /// <summary>Jenkins was told names without their domain. What is left has the node's id in it.</summary>
    private static string WithoutDomain(string template) => template.IndexOf('.', template.IndexOf(JobEventsConfig.Id, StringComparison.Ordinal)) is > 0 and var dot ? template[..dot] : template;

    private static IEnumerable<string> Of(string id, NodeRecord node, string[] templates)
    {
        var number = id.TrimStart('0');
        yield return id;
        yield return number;
        if (node.Hostname is { } host)
        {
            yield return host;
        }

        foreach (var template in templates)
        {
            var name = template.Replace("{label.name}", node.Type is [var label, ..] ? label : "", StringComparison.Ordinal).Replace("{provider.name}", node.Provider, StringComparison.Ordinal);
            yield return name.Replace(JobEventsConfig.Id, id, StringComparison.Ordinal);
            yield return name.Replace(JobEventsConfig.Id, number, StringComparison.Ordinal);
        }
    }
}
