using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Model;
using Nodepool.Core.State;
using Nodepool.Providers.Fake;
using Nodepool.Tests.Launching;

namespace Nodepool.Tests.Canaries;

/// <summary>A launcher with a new image that does not boot, and with one that does.</summary>
public sealed class CanaryRunTests
{
    private static readonly CanaryScope Everybody = new("cloud");

    private readonly ReloadBed _bed = new(Config);

    [Fact]
    public void ImageThatDoesNotBoot_IsWithdrawn_AndNoRequestFails()
    {
        Start(good: false);
        for (var n = 1; n <= 8; n++)
        {
            Serve(n);
        }

        var image = _bed.Feed.Current.Image("i");
        Assert.Equal(ImageState.Deleting, image.Uploads[Upload("b2")].Record!.State);
        Assert.StartsWith("canary: launches fail (5 % by chance): 0 of 3 launches ready; the previous upload meanwhile: 3 of 3 launches ready", image.Builds["b2"].Record!.Withdrawn["cloud"].Reason, StringComparison.Ordinal);
        Assert.Equal("b1", image.NewestReadyUpload("cloud")!.Build);
        Assert.Equal((CanaryVerdict.Withdrawn, Upload("b1")), (image.Canaries[Everybody].Record!.Verdict, image.Canaries[Everybody].Record!.Trusted));
    }

    [Fact]
    public void ImageThatBoots_IsPromoted_AndNoMoreIsCounted()
    {
        Start(good: true);
        for (var n = 1; n <= 8; n++)
        {
            Serve(n);
        }

        var told = _bed.Feed.Current.Image("i").Canaries[Everybody].Record!;
        Assert.Equal((CanaryVerdict.Promoted, Upload("b2"), 4), (told.Verdict, told.Trusted, told.New.Ready));
    }

    private static string Upload(string build) => NodepoolPaths.Upload("i", build, "cloud", "0000000000");

    private void Start(bool good)
    {
        _bed.Cloud.Behaviour.CreateLatency = TimeSpan.FromSeconds(30);
        _bed.StartLauncher();
        Put("b1", 1, real: true);
        _bed.Until(() => _bed.Feed.Current.Image("i").Canaries.GetValueOrDefault(Everybody)?.Record?.Trusted == Upload("b1"), "the first is trusted");
        Put("b2", 2, good);
        _bed.Until(() => _bed.Feed.Current.Image("i").Canaries[Everybody].Record!.IsOpen, "the second is on trial");
    }

    private void Put(string build, double time, bool real) => _bed.Do(async () =>
    {
        var id = real ? (await _bed.Cloud.UploadAsync(build, ValueMap<string>.Empty, new Progress<double>(), CancellationToken.None)).Id : "does-not-boot";
        await _bed.Engine.CommitAsync(
            [
                new Write.Create(NodepoolPaths.Build("i", build), new ImageBuildRecord { State = ImageState.Ready, StateTime = time, Formats = ["qcow2"] }.Write(), CreateModes.Persistent),
                new Write.Create(Upload(build), new ImageUploadRecord { State = ImageState.Ready, StateTime = time, ExternalId = id }.Write(), CreateModes.Persistent),
            ],
            CancellationToken.None);
    });

    private void Serve(int number)
    {
        var id = $"200-{number:0000000000}";
        _bed.Request(id, "red");
        _bed.Until(() => _bed.Stored(id) is { State: RequestState.Fulfilled or RequestState.Failed }, $"request {number} ends");
        Assert.Equal(RequestState.Fulfilled, _bed.Stored(id)!.State);
    }

    private static NodepoolConfig Config { get; } = new()
    {
        Labels = [new LabelConfig { Name = "red" }],
        DiskImages = [new DiskImageConfig { Name = "i", Canary = new CanaryConfig { Share = 1, Launches = 4 } }],
        Providers =
        [
            new ProviderConfig
            {
                Name = "cloud",
                Driver = "fake",
                Options = new FakeOptions(),
                DiskImages = [new ProviderDiskImageConfig { Name = "i" }],
                Pools =
                [
                    new PoolConfig
                    {
                        Name = "main",
                        Limits = Quota.Of((Quota.Instances, 20)),
                        Labels = [new PoolLabelConfig { Name = "red", DiskImage = "i", HostKeyChecking = false, Options = new FakeLabelOptions(FakeFlavor.All[0]) }],
                    },
                ],
            },
        ],
    };
}
