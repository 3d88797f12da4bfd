using Nodepool.Core.Imaging;
using Nodepool.Core.Model;
using Nodepool.Core.View;
using Nodepool.Testing.View;

namespace Nodepool.Tests.Imaging;

/// <summary>How far a build is, told by an earlier one.</summary>
public sealed class BuildEstimateTests
{
    private const double Now = 100_000;

    private static readonly BuildRunRecord Earlier = new()
    {
        Started = 0,
        Seconds = 200,
        Recipe = "same",
        Phases = [new BuildPhase("root.d", 10), new BuildPhase("install.d", 50), new BuildPhase("converting", 150)],
    };

    private readonly ViewFixture _stored = new();

    [Fact]
    public void Disk_IsThatOfTheNewestOfTheSameRecipe_ElseOfTheNewestThatTells()
    {
        Assert.Null(BuildEstimate.DiskBytes(Image, "same"));

        Ready("b1", Earlier with { DiskBytes = 100 });
        Ready("b2", Earlier with { DiskBytes = 200, Recipe = "other" });
        Ready("b3", Earlier);

        Assert.Equal((100, 200, 200), (BuildEstimate.DiskBytes(Image, "same"), BuildEstimate.DiskBytes(Image, "other"), BuildEstimate.DiskBytes(Image, "new")));
    }

    [Theory]
    [InlineData("root.d", 10, 0, 0.05, 190)]
    [InlineData("install.d", 50, 0, 0.25, 150)]
    [InlineData("install.d", 50, 50, 0.5, 100)]
    [InlineData("install.d", 50, 500, 0.75, -350)]
    [InlineData("converting", 90, 25, 0.875, 25)]
    [InlineData("converting", 90, 5000, 0.99, -4950)]
    public void Share_InAPhase_FollowsTheEarlierBuild(string phase, double begunAfter, double since, double share, double left)
    {
        Ready("b1", Earlier);
        var running = Running((phase, begunAfter));
        var now = running.Started + begunAfter + since;

        var estimate = BuildEstimate.Of(Image, running);

        Assert.Equal(share, estimate.Share(now)!.Value, 3);
        Assert.Equal(left, estimate.ExpectedEnd!.Value - now, 3);
    }

    [Fact]
    public void Share_OverAWholeBuild_NeverGoesBack()
    {
        Ready("b1", Earlier);
        (string Phase, double Start)[] slow = [("root.d", 5), ("install.d", 90), ("converting", 300)];
        var last = 0.0;
        for (var second = 5.0; second < 400; second++)
        {
            var running = Running([.. slow.Where(phase => phase.Start <= second)]);
            var share = BuildEstimate.Of(Image, running).Share(running.Started + second)!.Value;
            Assert.InRange(share, last, 0.99);
            last = share;
        }
    }

    [Fact]
    public void Share_WithoutAnEarlierBuild_IsUnknown()
    {
        _stored.Build("i", "b1", ImageState.Ready, Now);

        var estimate = BuildEstimate.Of(Image, Running(("root.d", 10)));

        Assert.Equal((null, null, "root.d"), (estimate.Share(Now), estimate.ExpectedEnd, estimate.Text(Now)));
    }

    [Fact]
    public void Share_InAPhaseThatIsNew_CountsTimeOnly()
    {
        Ready("b1", Earlier);
        var running = Running(("brand new", 20));

        Assert.Equal(0.25, BuildEstimate.Of(Image, running).Share(running.Started + 50)!.Value, 3);
    }

    [Fact]
    public void Share_WithBuildsOfOtherRecipes_FollowsTheSameRecipe()
    {
        Ready("b1", Earlier, Now - 10);
        Ready("b2", Earlier with { Recipe = "other", Seconds = 2000 }, Now - 5);

        Assert.Equal(200, BuildEstimate.Of(Image, Running(("root.d", 10))).TotalSeconds);
        Assert.Equal(2000, BuildEstimate.Of(Image, Running(("root.d", 10)) with { Recipe = "third" }).TotalSeconds);
    }

    [Theory]
    [InlineData(0, "root.d, 5 %, 3 min left")]
    [InlineData(150, "root.d, 25 %, 40 s left")]
    [InlineData(300, "root.d, 25 %, longer than before")]
    public void Text_ForPeople_HoldsWhatIsKnown(double since, string text)
    {
        Ready("b1", Earlier);
        var running = Running(("root.d", 10));

        Assert.Equal(text, BuildEstimate.Of(Image, running).Text(running.Started + 10 + since));
    }

    private ImageView Image => _stored.View.Image("i");

    private static BuildRunRecord Running(params (string Phase, double Start)[] phases) =>
        new() { Started = Now, Recipe = "same", Phases = [.. phases.Select(phase => new BuildPhase(phase.Phase, phase.Start))] };

    private void Ready(string id, BuildRunRecord run, double time = Now) =>
        _stored.Put(NodepoolPaths.Build("i", id), new ImageBuildRecord { State = ImageState.Ready, StateTime = time, Run = run }.Write());
}
