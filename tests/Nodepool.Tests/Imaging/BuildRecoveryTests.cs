using Microsoft.Extensions.Logging.Abstractions;
using Nodepool.Core.Config;
using Nodepool.Core.Images;
using Nodepool.Core.Imaging;
using Nodepool.Core.Model;
using Nodepool.Core.State;
using Nodepool.Testing.Imaging;
using Nodepool.Testing.Simulation;
using Nodepool.Tests.Launching;

namespace Nodepool.Tests.Imaging;

/// <summary>What becomes of a build whose builder ended before it was stored.</summary>
public sealed class BuildRecoveryTests
{
    private static readonly NodepoolConfig Config = new() { ImagesDir = "/images", DiskImages = [new DiskImageConfig { Name = "debian", Formats = ["qcow2"] }] };

    private readonly SimDisk _disk = new("me");
    private readonly ReloadBed _bed = new(Config);

    [Fact]
    public void AFinishedBuild_IsFoundAgainOnDisk_AndAnswersItsRequest()
    {
        Store("b1", "me");
        var request = Request();
        _disk.Write("/images/debian-b1", isComplete: true);
        _bed.Do(() => _disk.KeepAsync("debian", "b1", Record("me", ImageState.Ready) with { Run = new BuildRunRecord { RequestMs = request } }, CancellationToken.None).AsTask());

        Start();
        _bed.Until(() => Build("b1")?.State == ImageState.Ready, "it is found");
        _bed.Pass(TimeSpan.FromMinutes(5));

        Assert.Null(_bed.Feed.Current.Image("debian").BuildRequestedMs);
        Assert.Equal(["b1"], _bed.Feed.Current.Image("debian").Builds.Keys);
    }

    [Fact]
    public void AHalfBuild_HasFailed_AndIsBuiltAgainSoon()
    {
        Store("b1", "me");
        _disk.Write("/images/debian-b1", isComplete: false);

        Start();
        _bed.Until(() => Build("b1")?.State == ImageState.Failed, "it is given up");
        Assert.Equal((true, "the builder ended in the middle of the build"), (Build("b1")!.Run!.IsInterrupted, Build("b1")!.Failure));
        _bed.Until(() => _bed.Feed.Current.Image("debian").ReadyBuilds.Any(), "it is built again");
        _bed.Pass(TimeSpan.FromMinutes(1));

        Assert.Equal([_disk.OutputPath("debian", _bed.Feed.Current.Image("debian").ReadyBuilds.Single().Id)], _disk.List().Select(build => _disk.OutputPath(build.Image, build.Build)));
    }

    [Fact]
    public void ABuildOfAnotherBuilder_IsLeftToItForAMinute()
    {
        Store("b1", "other");

        Start();
        _bed.Pass(TimeSpan.FromSeconds(50));
        Assert.Equal(ImageState.Building, Build("b1")!.State);
        Assert.Single(_bed.Feed.Current.Image("debian").Builds);

        _bed.Until(() => Build("b1")?.State == ImageState.Failed, "it is given up");
        _bed.Until(() => _bed.Feed.Current.Image("debian").ReadyBuilds.Any(), "it is built here");
    }

    private void Start()
    {
        var context = new BuilderContext(
            _bed.Engine, _bed.Feed, _bed.Process.Sources, NullLoggerFactory.Instance, new BuildTools([new QuickTool(_bed.Process, _disk)], new SimBuildLogs()), new NoHook(), new BuilderOptions { Hostname = "host", Version = "1" });
        _bed.Start(() => new BuilderRole(context, _ => _disk, _bed.Open, _bed.FollowAsync()).RunAsync(CancellationToken.None));
    }

    private ImageBuildRecord? Build(string id) => _bed.Feed.Current.Image("debian").Builds.GetValueOrDefault(id)?.Record;

    private void Store(string id, string builder) => _bed.Do(() => _bed.Engine.CommitAsync(
        [new Write.Create(NodepoolPaths.Build("debian", id), Record(builder, ImageState.Building).Write(), CreateModes.Persistent)], CancellationToken.None).AsTask());

    private long Request()
    {
        var path = NodepoolPaths.BuildRequest("debian");
        Entry? entry = null;
        _bed.Do(async () =>
        {
            await _bed.Engine.CommitAsync([new Write.Create(path, ReadOnlyMemory<byte>.Empty, CreateModes.Persistent)], CancellationToken.None);
            entry = await _bed.Engine.GetAsync(path, CancellationToken.None);
        });
        return entry!.CreatedMs;
    }

    private ImageBuildRecord Record(string builder, ImageState state) =>
        new() { State = state, StateTime = _bed.Process.Sources.UnixNow, BuilderId = builder, Formats = ["qcow2"], Run = new BuildRunRecord { Started = _bed.Process.Sources.UnixNow } };

    private sealed class QuickTool(SimProcess process, SimDisk disk) : IImageTool
    {
        public string Name => "diskimage-builder";

        public async Task<ImageBuildResult> BuildAsync(ImageBuildOrder order, IProgress<string> phase, CancellationToken ct)
        {
            phase.Report("all of it");
            await Task.Delay(TimeSpan.FromSeconds(10), process.Time, ct);
            disk.Write(order.OutputPath, isComplete: true);
            return new ImageBuildResult(order.Formats.ToDictionary(format => format, format => $"{order.OutputPath}.{format}"));
        }
    }
}
