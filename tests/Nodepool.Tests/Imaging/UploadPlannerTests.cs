using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Imaging;
using Nodepool.Core.Model;
using Nodepool.Testing.View;

namespace Nodepool.Tests.Imaging;

public sealed class UploadPlannerTests
{
    private const double Now = 100_000;

    private readonly ViewFixture _stored = new();
    private NodepoolConfig _config = ImagingConfig.Of();
    private string[] _files = ["qcow2", "raw"];

    [Fact]
    public void NewestReadyBuildOfMine_IsOrderedWhereNotPaused()
    {
        Build("b1", Now - 9).Build("i", "b2", ImageState.Ready, Now - 5, "qcow2,raw");

        var order = Assert.Single(Plan().Orders);

        Assert.Equal(("b2", "p", 1), (order.Build.Id, order.Provider.Name, order.Attempt));
    }

    [Fact]
    public void FilesElsewhereOrGone_AreNotOrdered()
    {
        _stored.Build("i", "b", ImageState.Ready, Now, builderId: "other");
        Assert.Empty(Plan().Orders);

        Build("b", Now);
        Assert.Single(Plan().Orders);
        _files = ["raw"];
        Assert.Empty(Plan().Orders);
    }

    [Fact]
    public void DoneOrRunning_IsNotOrdered()
    {
        Build("b", Now).Upload("i", "b", "p", "0", ImageState.Ready, Now);
        Assert.Empty(Plan().Orders);

        _stored.Upload("i", "b", "p", "0", ImageState.Uploading, Now).Put(NodepoolPaths.UploadsLock("i", "b", "p") + "/00__lock__0000000000", default);
        Assert.Empty(Plan().Orders);
    }

    [Fact]
    public void ProvidersWithoutAnyImage_ComeFirst_ThenTheNewestBuilds()
    {
        _config = ImagingConfig.Of(isPausedAtQ: false);
        _config = _config with
        {
            DiskImages = [.. _config.DiskImages, new DiskImageConfig { Name = "j" }],
            Providers = _config.Providers.Select(provider => provider with { DiskImages = [.. provider.DiskImages, new ProviderDiskImageConfig { Name = "j" }] }).ToValueList(),
        };
        Build("old", Now - 50).Upload("i", "old", "p", "0", ImageState.Ready, Now - 49);
        Build("b", Now - 5);
        _stored.Build("j", "jold", ImageState.Ready, Now - 40).Upload("j", "jold", "p", "0", ImageState.Ready, Now - 39).Build("j", "j2", ImageState.Ready, Now - 3, "qcow2,raw");

        Assert.Equal(["q j2", "q b", "p j2", "p b"], Plan().Orders.Select(order => $"{order.Provider.Name} {order.Build.Id}"));
    }

    [Fact]
    public void Withdrawn_IsNotOrderedAgain_ButANewerBuildIs()
    {
        Build("b1", Now - 9).Upload("i", "b1", "p", "0", ImageState.Ready, Now - 8);
        Build("b2", Now - 5, withdrawnAt: "p");
        Assert.Empty(Plan().Orders);

        Build("b3", Now - 1);
        Assert.Equal("b3", Assert.Single(Plan().Orders).Build.Id);
    }

    [Fact]
    public void Withdrawn_WithNothingLeftThere_LetsThePreviousBuildBeUploaded()
    {
        Build("b1", Now - 9);
        Build("b2", Now - 5, withdrawnAt: "p");

        Assert.Equal("b1", Assert.Single(Plan().Orders).Build.Id);
    }

    [Fact]
    public void Failures_WaitLongerEachTime_UpToAnHour()
    {
        Build("b", Now - 90_000);
        var waits = new List<double>();
        foreach (var attempt in Enumerable.Range(1, 14))
        {
            Fail("b", "0", Now, attempt);
            Assert.Empty(Plan().Orders);
            waits.Add(Plan().NextDue!.Value - Now);
        }

        Assert.InRange(waits[0], 5, 10);
        Assert.All(waits.Zip(waits.Skip(1)), pair => Assert.True(pair.Second >= Math.Min(pair.First * 1.9, 1800), $"{pair.First} then {pair.Second}"));
        Assert.InRange(waits[^1], 1800, 3600);
        Assert.Equal(15, Assert.Single(Plan(Now + waits[^1]).Orders).Attempt);
    }

    [Fact]
    public void AnInterruptedUpload_SaysNothing_AndIsTriedAgainSoonWithTheSameNumber()
    {
        Build("b", Now - 90_000);
        Fail("b", "0", Now - 9000, 3);
        Fail("b", "1", Now, 4, isInterrupted: true);

        Assert.Empty(Plan().Orders);
        Assert.InRange(Plan().NextDue!.Value - Now, 1, 2);
        Assert.Equal(4, Assert.Single(Plan(Now + 2).Orders).Attempt);
    }

    [Fact]
    public void Interruptions_InARow_WaitLongerEachTime_AndNeverShortenAWait()
    {
        Build("b", Now - 90_000);
        Fail("b", "0", Now, 6);
        Fail("b", "1", Now + 1, 7, isInterrupted: true);
        Assert.InRange(Plan(Now + 1).NextDue!.Value - Now, 100, 320);

        foreach (var number in Enumerable.Range(1, 4))
        {
            Fail("b", $"{number}", Now + 5000 + number, 7, isInterrupted: true);
        }

        Assert.InRange(Plan(Now + 5004).NextDue!.Value - Now - 5004, 8, 16);
    }

    [Fact]
    public void Failures_OfDifferentUploads_WaitDifferently()
    {
        Build("b", Now - 10);
        var waits = Enumerable.Range(0, 20).Select(number => new ViewFixture().Build("i", "b", ImageState.Ready, Now - 10).Upload("i", "b", "p", $"{number}", ImageState.Failed, Now).View)
            .Select(view => UploadHistory.Of(view.Image("i"), view.Image("i").Builds["b"], "p", null).NotBefore).ToHashSet();

        Assert.True(waits.Count > 15, $"{waits.Count} different waits of 20");
    }

    [Fact]
    public void Failure_OfAnOlderBuild_DoesNotKeepANewerOneWaiting_ButCounts()
    {
        Build("b1", Now - 90);
        Fail("b1", "0", Now - 1, 6);
        Build("b2", Now);

        var order = Assert.Single(Plan().Orders);

        Assert.Equal(("b2", 7), (order.Build.Id, order.Attempt));
    }

    [Fact]
    public void Failure_OfAnOlderBuild_ThatEndedLater_DoesNotKeepANewerOneWaiting()
    {
        Build("b1", Now - 90);
        Build("b2", Now - 10);
        Fail("b1", "0", Now - 1, 6);

        Assert.Equal("b2", Assert.Single(Plan().Orders).Build.Id);
    }

    [Fact]
    public void Failure_BeforeAReadyUpload_IsForgotten()
    {
        Build("b1", Now - 90).Upload("i", "b1", "p", "1", ImageState.Ready, Now - 5);
        Fail("b1", "0", Now - 10, 6);
        Build("b2", Now - 4);

        Assert.Equal(1, Assert.Single(Plan().Orders).Attempt);
    }

    [Fact]
    public void RequestByCommand_EndsTheWait_OnceOnly()
    {
        Build("b", Now - 90, requestedAt: ("p", (long)Now));
        Fail("b", "0", Now - 1, 6);
        Assert.Equal(1, Assert.Single(Plan().Orders).Attempt);

        Fail("b", "1", Now + 1, 1);
        Assert.Empty(Plan(Now + 2).Orders);
    }

    [Fact]
    public void OtherSettings_EndTheWait()
    {
        Build("b", Now - 90);
        Fail("b", "0", Now - 1, 6);
        Assert.Empty(Plan().Orders);

        _config = _config with { Providers = _config.Providers.Select(provider => provider with { UploadTimeout = TimeSpan.FromHours(9) }).ToValueList() };
        Assert.Equal(1, Assert.Single(Plan().Orders).Attempt);
    }

    private UploadPlan Plan(double now = Now) => UploadPlanner.Plan(_stored.View, _config, "me", _ => _files, now);

    private ViewFixture Build(string id, double time, string? withdrawnAt = null, (string Provider, long Time)? requestedAt = null) => _stored.Put(
        NodepoolPaths.Build("i", id),
        new ImageBuildRecord
        {
            State = ImageState.Ready,
            StateTime = time,
            BuilderId = "me",
            Formats = ["qcow2", "raw"],
            Withdrawn = withdrawnAt is null ? ValueMap<Withdrawal>.Empty : new([new(withdrawnAt, new Withdrawal(time, "bad"))]),
            UploadRequested = requestedAt is null ? ValueMap<long>.Empty : new([new(requestedAt.Value.Provider, requestedAt.Value.Time)]),
        }.Write());

    private void Fail(string build, string upload, double time, int attempt, bool isInterrupted = false) => _stored.Put(
        NodepoolPaths.Upload("i", build, "p", upload),
        new ImageUploadRecord
        {
            State = ImageState.Failed,
            StateTime = time,
            Attempt = attempt,
            Failure = "no",
            IsInterrupted = isInterrupted,
            Settings = UploadSettings.Fingerprint(ImagingConfig.Of().Providers[0], ImagingConfig.Of().Providers[0].DiskImages[0]),
        }.Write());
}
