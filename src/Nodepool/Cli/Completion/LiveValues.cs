using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Cli.Completion;

/// <summary>
/// Names that exist now, by the metavariable with which help shows an argument or an option: so an argument <c>NODE</c> completes to node
/// ids wherever it stands.
/// </summary>
internal static class LiveValues
{
    private static readonly Dictionary<string, Func<LiveState, IEnumerable<Suggestion>>> ByMetavariable = new(StringComparer.Ordinal)
    {
        ["NODE"] = Nodes,
        ["REQUEST"] = Requests,
        ["LABEL"] = Labels,
        ["PROVIDER"] = Providers,
        ["IMAGE"] = Images,
        ["IMAGE-BUILD"] = state => Builds(state).Select(build => new Suggestion($"{build.Image}-{build.Id}", Hint(build))),
        ["BUILD"] = state => Builds(state).Select(build => new Suggestion(build.Id, Hint(build))),
        ["UPLOAD"] = Uploads,
        ["JOB"] = state => Jobs(state).Select(job => new Suggestion(job.Id, job.Record!.Name)),
        ["JOB-NAME"] = state => Names(Jobs(state).Select(job => job.Record!.Name)),
    };

    /// <summary>Metavariables that stand for live names.</summary>
    public static IReadOnlyCollection<string> Metavariables => ByMetavariable.Keys;

    /// <summary>The names that a metavariable stands for; null when they are none of ours.</summary>
    public static Func<LiveState, IEnumerable<Suggestion>>? Find(string metavariable) => ByMetavariable.GetValueOrDefault(metavariable);

    private static IEnumerable<Suggestion> Nodes(LiveState state) =>
        from node in state.View.Nodes.ById.Values
        where node.Record is not null
        orderby node.Id
        select new Suggestion(node.Id, $"{string.Join(',', node.Record!.Type)} {node.Record.State.Word()} {node.Record.Provider}".Trim());

    private static IEnumerable<Suggestion> Requests(LiveState state) =>
        from request in state.View.Requests.Values
        where request.Record is not null
        orderby request.Id
        select new Suggestion(request.Id, $"{string.Join(',', request.Record!.NodeTypes)} {request.Record.State.Word()}");

    private static IEnumerable<Suggestion> Labels(LiveState state) => Names(
        state.Config?.Labels.Select(label => label.Name),
        state.View.Pools.SelectMany(pool => pool.SupportedLabels),
        state.View.Nodes.ById.Values.SelectMany(node => node.Record?.Type ?? []),
        state.View.Requests.Values.SelectMany(request => request.Record?.NodeTypes ?? []));

    private static IEnumerable<Suggestion> Providers(LiveState state) => Names(
        state.Config?.Providers.Select(provider => provider.Name),
        state.View.Pools.Select(pool => pool.ProviderName),
        state.View.Nodes.ById.Values.Select(node => node.Record?.Provider),
        state.View.Images.Values.SelectMany(image => image.Uploads.Values).Select(upload => upload.Provider));

    private static IEnumerable<Suggestion> Images(LiveState state) =>
        Names(state.Config?.DiskImages.Where(image => !image.IsAbstract).Select(image => image.Name), state.View.Images.Keys);

    private static IEnumerable<BuildView> Builds(LiveState state) =>
        from image in state.View.Images.Values
        from build in image.Builds.Values
        where build.Record is not null && Fits(state.Image, build.Image)
        orderby build.Image, build.Record!.StateTime descending, build.Id
        select build;

    private static IEnumerable<Suggestion> Uploads(LiveState state) =>
        from image in state.View.Images.Values
        from upload in image.Uploads.Values
        where upload.Record is not null && Fits(state.Image, upload.Image) && Fits(state.Provider, upload.Provider) && Fits(state.Build, upload.Build)
        orderby upload.Path
        select new Suggestion(upload.Id, $"{upload.Image}-{upload.Build} {upload.Provider} {upload.Record!.State.Word()}");

    private static IEnumerable<JobView> Jobs(LiveState state) =>
        state.View.Jobs.Values.Where(job => job.Record is not null).OrderBy(job => job.Id, StringComparer.Ordinal);

    private static bool Fits(string? named, string name) => named is null || named == name;

    private static string Hint(BuildView build) => $"{build.Image} {build.Record!.State.Word()}";

    private static IEnumerable<Suggestion> Names(params IReadOnlyList<IEnumerable<string?>?> sources) =>
        sources.SelectMany(names => names ?? []).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(name => new Suggestion(name));
}
