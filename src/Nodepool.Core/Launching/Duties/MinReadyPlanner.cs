using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Model;
using Nodepool.Core.Model.Json;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Duties;

/// <summary>
/// Decides how <c>min-ready</c> is kept: by single-node requests of the lowest priority, once for the whole cluster. Pure. Launchers may
/// have different labels: each tells with its pools what its configuration wants, and the one that has the duty keeps it for all.
/// </summary>
public static class MinReadyPlanner
{
    /// <summary>Requestor of these requests.</summary>
    public const string Requestor = "NodePool:min-ready";

    /// <summary>Priority of these requests.</summary>
    public const int Priority = 900;

    /// <summary>
    /// Client data of these requests. Python's launchers have the same requestor for theirs: those count as waiting, and theirs is what becomes of them.
    /// An object, because Zuul reads it of every request.
    /// </summary>
    public static RawJson RequestorData { get; } = RawJson.Build(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString(DutyKey, Duty);
        writer.WriteEndObject();
    });

    private const string DutyKey = "duty";
    private const string Duty = "min-ready";

    /// <summary>Decides.</summary>
    /// <param name="view">All records.</param>
    /// <param name="config">Labels with their min-ready.</param>
    /// <param name="isDelayed">A label whose last request failed a moment ago.</param>
    /// <param name="unixNow">Now, Unix seconds.</param>
    /// <param name="mayDelete">Outdated nodes may be deleted.</param>
    /// <param name="left">Pools that nobody has any more: whose nodes nobody will get.</param>
    public static MinReadyPlan Plan(ClusterView view, NodepoolConfig config, Func<string, bool> isDelayed, double unixNow, bool mayDelete = true, IReadOnlyCollection<PoolKey>? left = null)
    {
        left ??= [];
        var all = view.RequestsOf(Requestor).Where(request => request.Record!.NodeTypes.Count == 1).ToArray();
        var wanted = Wanted(view, config, unixNow);
        var spread = new ReadySpread(view);
        var idle = IdleByLabel(view, left);
        var orphans = Number(view.Orphans.Where(node => node.Record is { State: NodeState.Building or NodeState.Ready } record && !left.Contains(PoolKey.Of(record))).SelectMany(node => node.Record!.Type.Distinct()));
        var waiting = Number(all.Select(request => request.Record!.NodeTypes[0]));
        var retire = mayDelete ? Replace(view, config, wanted, idle) : [];
        var create = new List<ReadyWish>();
        foreach (var (label, number) in wanted.Where(pair => !isDelayed(pair.Key) && IsServed(view, config, pair.Key)).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            // Nodes whose request is gone will be idle in a moment.
            var missing = (int)number - idle.GetValueOrDefault(label) - orphans.GetValueOrDefault(label) - waiting.GetValueOrDefault(label);
            create.AddRange(Enumerable.Range(0, Math.Max(0, missing)).Select(_ => new ReadyWish(label, spread.Next(label))));
        }

        var finish = all.Where(IsOurs).Where(request => request.Record!.State is RequestState.Fulfilled or RequestState.Failed || IsSuperfluous(view, wanted, idle, request) || IsStuck(view, request.Record))
            .OrderBy(request => request.Id, StringComparer.Ordinal).ToValueList();
        var ending = finish.Select(request => request.Id).ToHashSet(StringComparer.Ordinal);
        var release = all.Where(request => IsOurs(request) && !ending.Contains(request.Id) && !view.IsLocked(request) && spread.IsStranded(request.Record!))
            .OrderBy(request => request.Id, StringComparer.Ordinal).ToValueList();
        return new MinReadyPlan(create.ToValueList(), finish, release, retire);
    }

    /// <summary>
    /// Outdated nodes that can be spared, one of each label; where none can, one node more is wanted, so that one can be spared in a moment.
    /// </summary>
    private static ValueList<NodeView> Replace(ClusterView view, NodepoolConfig config, Dictionary<string, long> wanted, Dictionary<string, int> idle)
    {
        var retire = new List<NodeView>();
        foreach (var label in config.Labels.Where(label => label.ReplacesOutdated && !label.IsDisabled).DistinctBy(label => label.Name))
        {
            if (OutdatedNodes.Of(view, config, label.Name).FirstOrDefault() is not { } outdated)
            {
                continue;
            }

            if (idle.GetValueOrDefault(label.Name) > wanted.GetValueOrDefault(label.Name))
            {
                retire.Add(outdated);
            }
            else
            {
                wanted[label.Name] = wanted.GetValueOrDefault(label.Name) + 1;
            }
        }

        return retire.ToValueList();
    }

    /// <summary>What our configuration and those of all who have pools here want ready, by label; the most counts.</summary>
    private static Dictionary<string, long> Wanted(ClusterView view, NodepoolConfig config, double unixNow)
    {
        var wanted = config.Labels.Select(label => (label.Name, Count: (long)label.ReadyAt(unixNow))).Where(label => label.Count > 0)
            .ToDictionary(label => label.Name, label => label.Count, StringComparer.Ordinal);
        foreach (var (label, number) in view.Pools.SelectMany(pool => pool.MinReady))
        {
            wanted[label] = Math.Max(number, wanted.GetValueOrDefault(label));
        }

        return wanted;
    }

    /// <summary>A peer that served it may have written the object in its own way.</summary>
    private static bool IsOurs(RequestView request) =>
        request.Record!.RequestorData is { IsObject: true } data && new JsonFields(data.Utf8).Text(DutyKey) == Duty;

    private static Dictionary<string, int> IdleByLabel(ClusterView view, IReadOnlyCollection<PoolKey> left)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var list in view.Nodes.Idle.Where(list => !left.Contains(list.Key.Pool)))
        {
            numbers[list.Key.Label] = numbers.GetValueOrDefault(list.Key.Label) + list.Value.Count;
        }

        return numbers;
    }

    private static Dictionary<string, int> Number(IEnumerable<string> labels) => labels.CountBy(label => label, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);

    /// <summary>
    /// Some live pool launches nodes of the label and has an image for it; else a request would only wait. Nodes of machines that exist are ready
    /// without being asked for.
    /// </summary>
    private static bool IsServed(ClusterView view, NodepoolConfig config, string label) => view.Pools.Any(pool =>
        pool.SupportedLabels.Contains(label) && !pool.IsStanding && !view.IsDrained(pool.ProviderName)
        && (config.FindProvider(pool.ProviderName ?? "")?.Pools.FirstOrDefault(candidate => candidate.Name == pool.Name)?.FindLabel(label) is not { DiskImage: { } image }
            || view.Image(image).NewestReadyUpload(pool.ProviderName!) is not null));

    /// <summary>
    /// A pool has refused it, perhaps because a launch failed, and every other one that has the label is full: a new request may find room
    /// where this one can no longer go.
    /// </summary>
    internal static bool IsStuck(ClusterView view, NodeRequestRecord request) =>
        request is { State: RequestState.Requested, DeclinedBy.Count: > 0 }
        && view.Pools.All(pool => pool.Paused || request.DeclinedBy.Contains(pool.Id!) || !pool.SupportedLabels.Contains(request.NodeTypes[0]));

    /// <summary>No pool has begun, and nobody wants the label ready any more or all who could make it so shall become empty.</summary>
    private static bool IsSuperfluous(ClusterView view, Dictionary<string, long> wanted, Dictionary<string, int> idle, RequestView request)
    {
        var label = request.Record!.NodeTypes[0];
        return request.Record.State == RequestState.Requested
            && (wanted.GetValueOrDefault(label) <= idle.GetValueOrDefault(label) || AreAllDrained(view.Pools.Where(pool => !pool.IsStanding && pool.SupportedLabels.Contains(label))));

        bool AreAllDrained(IEnumerable<ComponentRecord> pools) => pools.Any() && pools.All(pool => view.IsDrained(pool.ProviderName));
    }
}
