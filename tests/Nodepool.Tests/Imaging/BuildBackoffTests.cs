using Nodepool.Core.Config;
using Nodepool.Core.Imaging;
using Nodepool.Core.Model;
using Nodepool.Testing.View;

namespace Nodepool.Tests.Imaging;

/// <summary>What the records of failed builds mean for the next one.</summary>
public sealed class BuildBackoffTests
{
    private const double Now = 100_000;

    private static readonly NodepoolConfig Config = new() { DiskImages = [new DiskImageConfig { Name = "i", Formats = ["raw"] }] };

    private readonly ViewFixture _stored = new();

    [Fact]
    public void Failures_InARow_WaitLongerEachTimeUpToAnHour()
    {
        var waits = Enumerable.Range(1, 12).Select(attempt =>
        {
            _stored.Put(NodepoolPaths.Build("i", $"b{attempt % 5}"), Failed(Now, run => run with { Attempt = attempt }));
            return Plan().NextDue!.Value - Now;
        }).ToArray();

        // Each lies in the upper half of its range: 20 s, 40 s, … an hour.
        Assert.All(waits.Index(), wait => Assert.InRange(wait.Item, Math.Min(3600, 20 * Math.Pow(2, wait.Index)) / 2, Math.Min(3600, 20 * Math.Pow(2, wait.Index))));
        Assert.Equal(13, BuildPlanner.Plan(_stored.View, Config, Now + 3600).Orders[0].Attempt);
    }

    [Fact]
    public void Failures_AtTheSameMoment_SpreadOverImages()
    {
        var config = Config with { DiskImages = [.. Enumerable.Range(1, 20).Select(n => new DiskImageConfig { Name = $"i{n}", Formats = ["raw"] })] };
        foreach (var image in config.DiskImages)
        {
            _stored.Put(NodepoolPaths.Build(image.Name, "b-of-" + image.Name), Failed(Now));
        }

        var due = config.DiskImages.Select(image => BuildBackoff.Of(_stored.View.Image(image.Name), null).Until).Distinct().ToArray();

        Assert.Equal(20, due.Length);
        Assert.True(due.Max() - due.Min() > 5, $"{due.Min()} to {due.Max()}");
    }

    [Fact]
    public void ARecordOfAPeer_CountsAsOneFailure()
    {
        _stored.Build("i", "b1", ImageState.Failed, Now);

        Assert.Equal(1, BuildBackoff.Of(_stored.View.Image("i"), "abcd").Failures);
        Assert.Empty(Plan().Orders);
    }

    [Fact]
    public void AChangeOfTheSection_EndsTheWait()
    {
        _stored.Put(NodepoolPaths.Build("i", "b1"), Failed(Now, run => run with { Attempt = 7, Recipe = BuildRecipe.Of(Config.DiskImages[0], ["raw"], null) }));
        Assert.Empty(Plan().Orders);

        var changed = Config with { DiskImages = [Config.DiskImages[0] with { Elements = ["vm"] }] };

        Assert.Equal(1, Assert.Single(BuildPlanner.Plan(_stored.View, changed, Now).Orders).Attempt);
    }

    [Fact]
    public void ARequest_EndsTheWait_ButItsOwnFailureWaitsAgain()
    {
        _stored.Put(NodepoolPaths.Build("i", "b1"), Failed(Now, run => run with { Attempt = 7 }));

        // The store's clock is an hour behind: what counts is which request a build answered.
        _stored.Put(NodepoolPaths.BuildRequest("i"), default, createdMs: (long)(Now - 3600) * 1000);
        var order = Assert.Single(Plan().Orders);
        Assert.Equal(("requested", 1, (long)(Now - 3600) * 1000), (order.Reason, order.Attempt, order.RequestMs));

        _stored.Put(NodepoolPaths.Build("i", "b2"), Failed(Now + 1, run => run with { RequestMs = order.RequestMs }));
        Assert.Empty(Plan().Orders);
        Assert.Equal(2, Assert.Single(BuildPlanner.Plan(_stored.View, Config, Plan().NextDue!.Value).Orders).Attempt);
    }

    [Fact]
    public void ARequest_OfAStoreWhoseClockIsAhead_MakesNoTightLoop()
    {
        var request = (long)(Now + 3600) * 1000;
        _stored.Put(NodepoolPaths.BuildRequest("i"), default, createdMs: request)
            .Put(NodepoolPaths.Build("i", "b1"), Failed(Now, run => run with { RequestMs = request }));

        Assert.Empty(Plan().Orders);
        Assert.InRange(Plan().NextDue!.Value - Now, 10, 20);
    }

    [Fact]
    public void AnInterruptedBuild_IsTriedAgainSoon_AndKeepsTheCountOfFailures()
    {
        _stored.Put(NodepoolPaths.Build("i", "b1"), Failed(Now, run => run with { IsInterrupted = true }));
        Assert.InRange(Plan().NextDue!.Value - Now, 1, 2);
        Assert.Equal(1, Assert.Single(BuildPlanner.Plan(_stored.View, Config, Now + 2).Orders).Attempt);

        _stored.Put(NodepoolPaths.Build("i", "b1"), Failed(Now, run => run with { IsInterrupted = true, Attempt = 5 }));
        Assert.InRange(Plan().NextDue!.Value - Now, 80, 160);
    }

    [Fact]
    public void InterruptionsInARow_MakeNoTightLoop()
    {
        foreach (var n in Enumerable.Range(1, 5))
        {
            _stored.Put(NodepoolPaths.Build("i", $"b{n}"), Failed(Now + n, run => run with { IsInterrupted = true }));
        }

        Assert.InRange(Plan().NextDue!.Value - (Now + 5), 16, 32);
    }

    [Fact]
    public void ASuccess_EndsTheWait()
    {
        _stored.Put(NodepoolPaths.Build("i", "b1"), Failed(Now, run => run with { Attempt = 7 })).Build("i", "b2", ImageState.Ready, Now + 1, "raw");

        Assert.Equal((0, double.NegativeInfinity), (BuildBackoff.Of(_stored.View.Image("i"), null).Failures, BuildBackoff.Of(_stored.View.Image("i"), null).Until));
    }

    [Fact]
    public void Recipe_OfAnyPartThatIsBuiltFrom_IsAnother()
    {
        var image = Config.DiskImages[0];
        DiskImageConfig[] others =
        [
            image with { Tool = "mmdebstrap" }, image with { DibCommand = ["dib"] }, image with { Elements = ["a"] }, image with { Packages = ["a"] },
            image with { EnvVars = new([new("A", "1")]) }, image with { EnvVars = new([new("A", "2")]) }, image with { Release = "sid" }, image with { BuildTimeout = TimeSpan.FromHours(1) },
        ];

        Assert.Equal(others.Length + 1, others.Append(image).Select(other => BuildRecipe.Of(other, ["raw"], null)).Distinct().Count());
        Assert.Equal(BuildRecipe.Of(image, ["raw"], null), BuildRecipe.Of(image with { Pause = true, RebuildAge = TimeSpan.FromHours(1) }, ["raw"], null));
        Assert.NotEqual(BuildRecipe.Of(image, ["raw"], null), BuildRecipe.Of(image, ["raw"], "/elements"));
    }

    private BuildPlan Plan() => BuildPlanner.Plan(_stored.View, Config, Now);

    private static ReadOnlyMemory<byte> Failed(double time, Func<BuildRunRecord, BuildRunRecord>? change = null) =>
        new ImageBuildRecord { State = ImageState.Failed, StateTime = time, Failure = "broken", Run = (change ?? (run => run))(new BuildRunRecord { Started = time }) }.Write();
}
