using System.Globalization;
using Nodepool.Core.Model;
using Nodepool.Core.Operations;
using Nodepool.Integration.Cli;
using Nodepool.Integration.Peers;

namespace Nodepool.Integration.Crash;

/// <summary>Two builders on one store under fifty images, one of them killed at random moments; a small program in the place of disk-image-create.</summary>
public sealed class BuilderFleetCrashTests(ITestOutputHelper output)
{
    private const int Images = 50;
    private const int UsualKills = 10;

    private static readonly string[] Builders = ["one", "two"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Builders_KilledAtRandom_BuildEveryImageOncePerRequestAndLeaveNothing()
    {
        var kills = int.TryParse(Environment.GetEnvironmentVariable(KillTests.KillsVariable), CultureInfo.InvariantCulture, out var given) ? given : UsualKills;
        await using var bed = await CrashBed.CreateAsync(output);
        await using var builders = new Fleet(bed);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var ready = new Dictionary<string, ImageBuildRecord>(StringComparer.Ordinal);
        var watching = WatchAsync(bed, ready, over.Token);

        builders.StartAll();
        var requests = new BuildRequests(bed.Engine);
        await bed.UntilAsync("first builds", view => view.Images.Values.Any(image => image.ReadyBuilds.Any()));
        var asked = 0;
        for (var kill = 1; kill <= kills; kill++)
        {
            await bed.PassAsync(0, 3);
            builders.Restart(Builders[bed.Random.Next(2)], $"kill {kill}");
            while (asked < Images * kill / kills)
            {
                await requests.SubmitAsync($"image{asked++:00}", Ct);
            }
        }

        await bed.UntilAsync("an answer to every request", view => view.Images.Count == Images && view.Images.Values.All(image => image.BuildRequestedMs is null && image.ReadyBuilds.Any()));
        await bed.UntilAsync("no other records", view => view.Images.Values.All(image => image.Contenders.IsEmpty && image.Builds.Values.All(build => build.Record?.State == ImageState.Ready)));
        await bed.UntilAsync("no other files", view => Builders.SelectMany(builders.Files).Order(StringComparer.Ordinal)
            .SequenceEqual(view.Images.Values.SelectMany(image => image.Builds.Values).Select(build => $"{build.Image}-{build.Id}").Order(StringComparer.Ordinal)));
        await bed.UntilAsync("no process of a dead build", _ => new HostTraces(bed.Root, bed.Root).Left().All(left => left.Contains(".yaml", StringComparison.Ordinal)));
        await builders.StopAllAsync();
        await over.CancelAsync();
        await watching;
        // What got ready last may not have been told yet when the telling was ended.
        foreach (var build in bed.View.Images.Values.SelectMany(image => image.ReadyBuilds))
        {
            ready[NodepoolPaths.Build(build.Image, build.Id)] = build.Record!;
        }

        bed.Note($"{kills} kills, {ready.Count} ready builds of {Images} images");
        Assert.Equal(Images, ready.Values.Count(record => record.Run!.RequestMs is not null));
        Assert.All(ready.GroupBy(pair => pair.Key.Split('/')[3], pair => pair.Value.Run!.RequestMs), requests => Assert.Equal(requests.Count(), requests.Distinct().Count()));
        Assert.Empty(new HostTraces(bed.Root, bed.Root).Left());
        await bed.OnlyTheLivingHoldAnythingAsync();
    }

    /// <summary>Notes every build that was ever ready.</summary>
    private static async Task WatchAsync(CrashBed bed, Dictionary<string, ImageBuildRecord> ready, CancellationToken over)
    {
        try
        {
            await foreach (var batch in bed.Engine.WatchAsync(NodepoolPaths.Images, over))
            {
                foreach (var (path, entry) in batch.Changes.Where(change => change.Entry is { Data.IsEmpty: false } && change.Path.Split('/') is [_, _, _, _, "builds", not "lock"]))
                {
                    if (ImageBuildRecord.Read(entry!.Data.Span) is { State: ImageState.Ready } record)
                        ready[path] = record;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    /// <summary>The two processes, each with a directory of its own.</summary>
    private sealed class Fleet(CrashBed bed) : IAsyncDisposable
    {
        private readonly Dictionary<string, NodepoolProcess> _running = new(StringComparer.Ordinal);
        private readonly List<NodepoolProcess> _killed = [];

        public void StartAll()
        {
            var program = Path.Combine(bed.Root, "dib");
            File.WriteAllText(program, "#!/bin/sh\nset -e\necho half >\"$DIB_IMAGE_FILENAME.raw\"\nsleep 0.$(($$ % 8 + 1))\necho whole >\"$DIB_IMAGE_FILENAME.raw\"\n");
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            var images = string.Concat(Enumerable.Range(0, Images).Select(n => $"  - name: image{n:00}\n    dib-cmd: {program}\n    elements: [vm]\n    formats: [raw]\n"));
            foreach (var name in Builders)
            {
                File.WriteAllText(Config(name), $"state-dir: .\nimages-dir: images-{name}\nbuild-log-dir: log\ndiskimages:\n{images}");
                Start(name);
            }
        }

        /// <summary><c>kill -9</c>, and a new one at once.</summary>
        public void Restart(string name, string why)
        {
            bed.Note($"{why}: builder {name}; {bed.View.Images.Values.Count(image => image.ReadyBuilds.Any())} images ready");
            _running[name].Signal(NodepoolProcess.Kill);
            _killed.Add(_running[name]);
            Start(name);
        }

        /// <summary>Builds of which anything lies in a builder's directory.</summary>
        public IEnumerable<string> Files(string name) => Directory.GetFileSystemEntries(Path.Combine(bed.Root, "images-" + name))
            .Select(path => Path.GetFileName(path)!).Where(file => file != "builder_id.txt").Select(file => file.Split('.')[0]).Distinct();

        public async Task StopAllAsync()
        {
            foreach (var (name, process) in _running)
            {
                process.Signal(NodepoolProcess.Interrupt);
                Assert.True(await process.EndAsync() == 0, $"builder {name}: {process.Error}");
            }
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var process in _killed.Concat(_running.Values))
            {
                await process.DisposeAsync();
            }
        }

        private string Config(string name) => Path.Combine(bed.Root, name + ".yaml");

        private void Start(string name) => _running[name] = NodepoolProcess.Start(NodepoolProcess.Program, "-c", Config(name), "builder", "--build-workers", "2");
    }
}
