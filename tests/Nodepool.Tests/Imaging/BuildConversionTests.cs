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

/// <summary>A build that lacks a format is converted where its files are.</summary>
public sealed class BuildConversionTests
{
    private static readonly NodepoolConfig Config = new() { ImagesDir = "/images", DiskImages = [new DiskImageConfig { Name = "debian", Formats = ["qcow2", "raw"] }] };

    private readonly SimDisk _disk = new("me");
    private readonly ReloadBed _bed = new(Config);
    private readonly List<string> _done = [];

    [Fact]
    public void AFormatThatIsMissing_IsConverted_AndTheBuildKeepsItsAge()
    {
        Store("me");
        _disk.Write("/images/debian-b1", isComplete: true);

        Start(canConvert: true);
        _bed.Until(() => Build?.Formats.Count == 2, "it has both");
        _bed.Pass(TimeSpan.FromMinutes(5));

        Assert.Equal(["convert /images/debian-b1.qcow2 to raw"], _done);
        Assert.Equal(["qcow2", "raw"], Build!.Formats);
        Assert.Equal(Began, Build.StateTime);
    }

    [Fact]
    public void AConversion_OfABuildWhoseRecordChangesMeanwhile_IsNotRepeated()
    {
        Store("me");
        _disk.Write("/images/debian-b1", isComplete: true);
        Start(canConvert: true);
        _bed.Until(() => _bed.Feed.Current.Image("debian").IsLocked(NodepoolPaths.BuildsLock("debian")), "the conversion begins");

        var changed = Build! with { Withdrawn = new([new("cloud", new Withdrawal(Began, "deleted by command"))]) };
        _bed.Do(() => _bed.Engine.CommitAsync([new Write.Set(NodepoolPaths.Build("debian", "b1"), changed.Write(), Write.AnyVersion)], CancellationToken.None).AsTask());
        _bed.Until(() => Build?.Formats.Count == 2, "it has both");

        Assert.Equal(("deleted by command", 1), (Build!.Withdrawn["cloud"].Reason, _done.Count));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void AConversionThatCannotBe_IsABuild(bool hasFile, bool canConvert)
    {
        Store("me");
        if (hasFile)
        {
            _disk.Write("/images/debian-b1", isComplete: true);
        }

        Start(canConvert);
        _bed.Until(() => _bed.Feed.Current.Image("debian").ReadyBuilds.Count() == 2, "it is built");

        Assert.Equal(["build"], _done.Where(what => what == "build"));
    }

    [Fact]
    public void ABuildOfAnotherBuilderThatLives_IsLeftToItForAMinute()
    {
        Store("other");
        _bed.Do(() => _bed.Engine.CommitAsync(
            [new Write.Create(NodepoolPaths.NewComponent("builder", "far") + "1", new ComponentRecord { Kind = "builder", Hostname = "far" }.Write(), CreateModes.Persistent)], CancellationToken.None).AsTask());

        Start(canConvert: true);
        _bed.Pass(TimeSpan.FromSeconds(55));
        Assert.Empty(_done);

        _bed.Until(() => _done.Contains("build"), "it is built here after all");
    }

    private double Began { get; set; }

    private ImageBuildRecord? Build => _bed.Feed.Current.Image("debian").Builds.GetValueOrDefault("b1")?.Record;

    private void Store(string builder)
    {
        Began = _bed.Process.Sources.UnixNow - 5;
        var record = new ImageBuildRecord { State = ImageState.Ready, StateTime = Began, BuilderId = builder, Builder = "far", Formats = ["qcow2"] };
        _bed.Do(() => _bed.Engine.CommitAsync([new Write.Create(NodepoolPaths.Build("debian", "b1"), record.Write(), CreateModes.Persistent)], CancellationToken.None).AsTask());
    }

    private void Start(bool canConvert)
    {
        var tools = new BuildTools([new NotingTool(this)], new SimBuildLogs()) { Converter = new NotingConverter(this, canConvert) };
        var context = new BuilderContext(_bed.Engine, _bed.Feed, _bed.Process.Sources, NullLoggerFactory.Instance, tools, new NoHook(), new BuilderOptions { Hostname = "host", Version = "1" });
        _bed.Start(() => new BuilderRole(context, _ => _disk, _bed.Open, _bed.FollowAsync()).RunAsync(CancellationToken.None));
    }

    private sealed class NotingTool(BuildConversionTests test) : IImageTool
    {
        public string Name => "diskimage-builder";

        public async Task<ImageBuildResult> BuildAsync(ImageBuildOrder order, IProgress<string> phase, CancellationToken ct)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), test._bed.Process.Time, ct);
            test._done.Add("build");
            test._disk.Write(order.OutputPath, isComplete: true);
            return new ImageBuildResult(order.Formats.ToDictionary(format => format, format => $"{order.OutputPath}.{format}"));
        }
    }

    private sealed class NotingConverter(BuildConversionTests test, bool works) : IImageConverter
    {
        public bool CanConvert(string from, string to) => true;

        public async Task ConvertAsync(string source, ImageBuildOrder order, IProgress<string> phase, CancellationToken ct)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), test._bed.Process.Time, ct);
            if (!works)
            {
                throw new ImageBuildException("no qemu-img");
            }

            test._done.Add($"convert {source} to {string.Join(',', order.Formats.AsEnumerable())}");
        }
    }
}
