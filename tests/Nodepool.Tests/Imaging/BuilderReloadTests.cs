using Nodepool.Core.Config;
using Nodepool.Core.Images;
using Nodepool.Core.Imaging;
using Nodepool.Providers.Fake;
using Nodepool.Providers.Fake.Cloud;
using Nodepool.Testing.Imaging;
using Nodepool.Testing.Simulation;
using Nodepool.Tests.Launching;
using Nodepool.Tests.Providers.OpenStack;

namespace Nodepool.Tests.Imaging;

/// <summary>What is being built or uploaded goes on through a change of the configuration.</summary>
public sealed class BuilderReloadTests : IDisposable
{
    private readonly SimDisk _disk = new("me");
    private readonly ReloadBed _bed = new(Config);
    private readonly LogLines _log = new();
    private int _builds;

    public BuilderReloadTests()
    {
        _bed.Cloud.Behaviour.UploadLatency = TimeSpan.FromMinutes(5);
        var options = new BuilderOptions { Hostname = "host", Version = "1" };
        var context = new BuilderContext(_bed.Engine, _bed.Feed, _bed.Process.Sources, _log, new BuildTools([new SlowTool(this)], new SimBuildLogs()), new NoHook(), options);
        _bed.Start(() => new BuilderRole(context, directory => directory == "/full" ? throw new IOException("no space") : _disk, _bed.Open, _bed.FollowAsync()).RunAsync(CancellationToken.None));
    }

    public void Dispose() => _log.Dispose();

    [Fact]
    public void Build_WhileTheFileChanges_GoesOn()
    {
        _bed.Until(() => _builds == 1, "the build begins");

        _bed.Configurations.Publish(Config with { BuildLogRetention = 3, BuildLogDir = "/other", Labels = [new LabelConfig { Name = "new" }], DiskImages = [Config.DiskImages[0] with { Release = "next" }] });
        _bed.Until(() => _bed.Feed.Current.Image("debian").ReadyBuilds.Any(), "it ends");

        Assert.Equal(1, _builds);
    }

    [Fact]
    public void ImagesDir_ThatCannotBeUsed_LeavesTheBuilderWhereItIs()
    {
        _bed.Until(() => _builds == 1, "the build begins");

        _bed.Configurations.Publish(Config with { ImagesDir = "/full" });
        _bed.Until(() => _bed.Feed.Current.Image("debian").ReadyBuilds.Any(), "the build ends");
        _bed.Until(() => _bed.Feed.Current.Image("debian").NewestReadyUpload("cloud") is not null, "its upload ends");

        Assert.Equal(1, _builds);
        Assert.Contains("Error: no space. The builder goes on in /images", _log.All);
    }

    [Fact]
    public void ImagesDir_ThatIsMissing_IsAnErrorInTheLog()
    {
        _bed.Configurations.Publish(Config with { ImagesDir = null });

        _bed.Until(() => _log.All.Contains("Error: images-dir is not set: no image is built, uploaded or deleted here; name a directory in the configuration"), "it is said");
    }

    [Fact]
    public void ImagesDir_ThatIsAnother_IsWhereTheBuildBeginsAgain()
    {
        _bed.Until(() => _builds == 1, "the build begins");

        _bed.Configurations.Publish(Config with { ImagesDir = "/other" });

        _bed.Until(() => _builds == 2, "it begins again");
    }

    [Fact]
    public void Upload_WhileItsProviderIsOpenedAnew_GoesOnWithTheOldOne()
    {
        _bed.Until(() => _bed.Cloud.Count(FakeOperation.Upload) == 1, "the upload begins");

        _bed.Configurations.Publish(Config with
        {
            DiskImages = [Config.DiskImages[0], new DiskImageConfig { Name = "other", Formats = ["qcow2"], Pause = true }],
            Providers = [Config.Providers[0] with { Options = new FakeOptions { Region = "other" } }],
        });
        _bed.Until(() => _bed.Feed.Current.Image("debian").NewestReadyUpload("cloud") is not null, "it ends");

        Assert.Equal((1L, 1), (_bed.Cloud.Count(FakeOperation.Upload), _bed.Opened.Count));
        _bed.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(1, _bed.Closed);
    }

    private static NodepoolConfig Config { get; } = new()
    {
        ImagesDir = "/images",
        DiskImages = [new DiskImageConfig { Name = "debian", Formats = ["qcow2"] }],
        Providers = [new ProviderConfig { Name = "cloud", Driver = "fake", ImageFormats = ["qcow2"], Options = new FakeOptions(), DiskImages = [new ProviderDiskImageConfig { Name = "debian" }] }],
    };

    /// <summary>Takes five minutes.</summary>
    private sealed class SlowTool(BuilderReloadTests test) : IImageTool
    {
        public string Name => "diskimage-builder";

        public async Task<ImageBuildResult> BuildAsync(ImageBuildOrder order, IProgress<string> phase, CancellationToken ct)
        {
            test._builds++;
            await Task.Delay(TimeSpan.FromMinutes(5), test._bed.Process.Time, ct);
            test._disk.Write(order.OutputPath, isComplete: true);
            return new ImageBuildResult(order.Formats.ToDictionary(format => format, format => $"{order.OutputPath}.{format}"));
        }
    }
}
