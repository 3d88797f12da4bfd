using Nodepool.Core.Config;
using Nodepool.Core.Model;
using Nodepool.Core.Operations;
using Nodepool.Core.State;
using Nodepool.ImageTools;

namespace Nodepool.Cli.Commands;

/// <summary>
/// Waits for the build that answers a request. Its log is printed as it grows where this host has it; elsewhere a line on standard error tells how far
/// it is. Interrupting it does not stop the build.
/// </summary>
internal sealed class BuildFollow(CliCall call, DiskImageConfig image, IStateEngine engine)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);

    private readonly ProgressLine _line = new(call.World);
    private readonly BuildLogLines _log = new(call.World, image);
    private string _told = "";

    /// <returns>The exit status: 0 when the build is ready.</returns>
    public async Task<int> RunAsync(long? requestMs, CancellationToken ct)
    {
        try
        {
            await using var store = await FollowedStore.OpenAsync(engine, call.World.Sources.Time, ct);
            return Answer(await WatchAsync(store, requestMs));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            throw new CliException($"interrupted; the request for image {image.Name} stays: nodepool image-status -o wide shows how far it is", ExitStatus.Interrupted);
        }
        catch (OperationCanceledException)
        {
            throw new CliException($"the store's session ended; the request for image {image.Name} stays: nodepool image-status -o wide shows how far it is");
        }
        finally
        {
            _line.End();
        }
    }

    private async Task<RequestedBuild> WatchAsync(FollowedStore store, long? requestMs)
    {
        while (true)
        {
            // The view first: what is in the log by then belongs to it.
            var progress = RequestedBuild.Of(store.Current, image.Name, requestMs, call.Now);
            var hasLog = call.IsForPeople && progress.Build is { } build && _log.Print(DiskBuildLogs.PathOf(call.Config(), image.Name, build.Id));
            if (progress.State != ImageState.Building)
            {
                return progress;
            }

            var text = $"image {image.Name} {progress.Text}";
            if (!hasLog)
            {
                _line.Show(text);
            }
            else if (progress.Build?.Record?.Run?.LastPhase is { } phase && phase != _told)
            {
                _line.Tell(text);
                _told = phase;
            }

            await store.Wake.WaitAsync(BetweenLooks, store.End);
        }
    }

    private int Answer(RequestedBuild progress)
    {
        _line.End();
        var (build, isReady) = (progress.Build, progress.State == ImageState.Ready);
        if (call.IsForPeople && !isReady)
        {
            throw new CliException($"image {image.Name} {progress.Text}{(build?.Record?.Run?.LastLines is { } lines ? $"\n{lines}" : "")}");
        }

        call.Answer($"image {image.Name} {progress.Text}: build {build?.Id}", writer =>
        {
            var record = build?.Record;
            writer.WriteStartObject();
            writer.WriteString("image", image.Name);
            writer.WriteString("build", build?.Id);
            writer.WriteString("state", progress.State.Word());
            writer.WriteString("failure", record?.Failure);
            writer.WriteString("failed_in", record?.Run?.FailedIn);
            writer.WriteString("last_lines", record?.Run?.LastLines);
            writer.WriteEndObject();
        });
        return isReady ? ExitStatus.Ok : ExitStatus.Problem;
    }
}
