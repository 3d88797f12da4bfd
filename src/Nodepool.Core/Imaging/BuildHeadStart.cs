using Nodepool.Core.View;

namespace Nodepool.Core.Imaging;

/// <summary>
/// Leaves a build that only lacks formats to the builder that has its files, for a minute from when the lack was seen: it converts what others would have to
/// build. Nothing hangs on it but work that is saved.
/// </summary>
internal sealed class BuildHeadStart(string builderId, TimeProvider time)
{
    /// <summary>How long.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, DateTimeOffset> _seen = new(StringComparer.Ordinal);

    /// <summary>Another builder, which lives, may still begin.</summary>
    public bool Holds(BuildOrder order, ClusterView view)
    {
        if (order.Incomplete is not { Record: { } record } build || record.BuilderId == builderId
            || !view.Components.Values.Any(component => component.Kind == "builder" && component.Hostname == record.Builder))
        {
            return false;
        }

        var now = time.GetUtcNow();
        return now - (_seen.TryGetValue(build.Id, out var since) ? since : _seen[build.Id] = now) < Length;
    }

    /// <summary>Forgets all but these.</summary>
    public void Keep(IEnumerable<BuildOrder> orders)
    {
        foreach (var id in _seen.Keys.Except(orders.Select(order => order.Incomplete?.Id ?? "")).ToArray())
        {
            _seen.Remove(id);
        }
    }
}
