using Nodepool.Core.Canaries;
using Nodepool.Core.Config;
using Nodepool.Core.Imaging;
using Nodepool.Core.Model;
using Nodepool.Testing.View;
using Nodepool.Tests.Imaging;

namespace Nodepool.Tests.Canaries;

public sealed class CanaryPlannerTests
{
    private const double Now = 1000;

    private static readonly CanaryScope Everybody = new("p");

    private static readonly CanaryConfig Canary = new() { Share = 0.25, Launches = 3, MaxAge = TimeSpan.FromSeconds(500) };
    private static readonly NodepoolConfig Config = ImagingConfig.Of(image => image with { Canary = Canary });

    private readonly ViewFixture _stored = new();

    [Fact]
    public void FirstUpload_IsTrustedAtOnce()
    {
        PutReady("b1", 10);

        Assert.Equal(new CanaryRecord { Trusted = Upload("b1"), TrustedBuilt = 10 }, Assert.Single(Plan().Steps).Next);
        Assert.Equal("b1", Choose(0.9));
    }

    [Fact]
    public void NewUpload_BeginsATrial_AndServesItsShare()
    {
        PutReady("b1", 10);
        Put(new CanaryRecord { Trusted = Upload("b1"), TrustedBuilt = 10 });
        Assert.Empty(Plan().Steps);

        PutReady("b2", 20);

        var begun = Assert.Single(Plan().Steps).Next!;
        Assert.Equal((Upload("b1"), Upload("b2"), Now), (begun.Trusted, begun.Candidate, begun.Since));
        Assert.Equal(["b2", "b1"], new[] { Choose(0.24), Choose(0.25) });
        Put(begun);
        Assert.Equal(["b2", "b1"], new[] { Choose(0.24), Choose(0.25) });
        Assert.Equal((0, 1500.0), (Plan().Steps.Count, Plan().NextDue));
    }

    [Fact]
    public void Retry_GoesTheSafeWay()
    {
        PutTrial(new CanaryTally(), new CanaryTally());

        Assert.Equal("b1", Choose(0, isRetry: true));
    }

    [Fact]
    public void WithoutCanary_TheNewestServesAll()
    {
        PutTrial(new CanaryTally(), new CanaryTally());

        Assert.Equal("b2", ImageChoice.Of(_stored.View.Image("i"), new LaunchCanary(Everybody, null), isRetry: true, 0.9)!.Build);
    }

    [Fact]
    public void Proved_IsTrusted()
    {
        PutTrial(new CanaryTally { Ready = 3, Seconds = 30 }, new CanaryTally { Ready = 9, Seconds = 90 });

        var step = Assert.Single(Plan().Steps);

        Assert.Equal((Upload("b2"), CanaryVerdict.Promoted, null), (step.Next!.Trusted, step.Next.Verdict, step.Withdrawn));
        Put(step.Next);
        Assert.Equal("b2", Choose(0.9));
        Assert.Empty(Plan().Steps);
    }

    [Fact]
    public void Bad_IsWithdrawn_AndWhatIsThenTheNewestNeedsNoTrial()
    {
        PutReady("b0", 5);
        PutTrial(new CanaryTally { Failed = 3 }, new CanaryTally { Ready = 3 });

        var step = Assert.Single(Plan().Steps);

        Assert.Equal((Upload("b1"), CanaryVerdict.Withdrawn, "b2"), (step.Next!.Trusted, step.Next.Verdict, step.Withdrawn!.Candidate.Build));
        Put(step.Next);
        _stored.Upload("i", "b2", "p", "0", ImageState.Deleting, Now);
        Assert.Equal("b1", Choose(0.9));
        Assert.Empty(Plan().Steps);
    }

    [Fact]
    public void NewerBuildDuringATrial_IsTheCandidate_AndTheTrustedOneStaysForIt()
    {
        PutTrial(new CanaryTally { Ready = 1 }, new CanaryTally { Ready = 2 });
        PutReady("b3", 30);
        Assert.DoesNotContain(RetentionPlanner.Plan(_stored.View, Config).Uploads, removal => removal.Item.Build == "b1");

        var next = Assert.Single(Plan().Steps).Next!;

        Assert.Equal((Upload("b1"), Upload("b3"), new CanaryTally()), (next.Trusted, next.Candidate, next.New));
        Assert.Equal("b1", Choose(0.9));
    }

    [Fact]
    public void CandidateDeletedByCommand_EndsTheTrialWithoutAVerdict()
    {
        PutTrial(new CanaryTally { Ready = 1 }, new CanaryTally());
        _stored.Upload("i", "b2", "p", "0", ImageState.Deleting, Now);

        Assert.Equal("b1", Choose(0.1));
        Assert.Empty(Plan().Steps);
    }

    [Fact]
    public void TrustedDeletedByCommand_LeavesNothingToCompareWith()
    {
        PutTrial(new CanaryTally { Ready = 1 }, new CanaryTally());
        _stored.Upload("i", "b1", "p", "0", ImageState.Deleting, Now);

        Assert.Equal(Upload("b2"), Assert.Single(Plan().Steps).Next!.Trusted);
        Assert.Equal("b2", Choose(0.9));
    }

    [Fact]
    public void RevertByCommand_NeedsNoTrial()
    {
        PutReady("b1", 10);
        PutReady("b2", 20);
        PutReady("b3", 30);
        Put(new CanaryRecord { Trusted = Upload("b3"), TrustedBuilt = 30, Candidate = Upload("b3"), Verdict = CanaryVerdict.Promoted });
        _stored.Upload("i", "b3", "p", "0", ImageState.Deleting, Now);

        Assert.Equal("b2", Choose(0.9));
        Assert.Equal((Upload("b2"), 20), (Assert.Single(Plan().Steps).Next!.Trusted, Plan().Steps[0].Next!.TrustedBuilt));
    }

    [Fact]
    public void EntriesOfImagesWithoutCanary_Go()
    {
        PutTrial(new CanaryTally(), new CanaryTally());

        Assert.Null(Assert.Single(CanaryPlanner.Plan(_stored.View, ImagingConfig.Of(), Now).Steps).Next);
    }

    private static string Upload(string build) => NodepoolPaths.Upload("i", build, "p", "0");

    private CanaryPlan Plan() => CanaryPlanner.Plan(_stored.View, Config, Now);

    private string Choose(double chance, bool isRetry = false) => ImageChoice.Of(_stored.View.Image("i"), new LaunchCanary(Everybody, Canary), isRetry, chance)!.Build;

    private void PutReady(string build, double time) => _stored.Build("i", build, ImageState.Ready, time).Upload("i", build, "p", "0", ImageState.Ready, time + 1);

    private void Put(CanaryRecord record) => _stored.Put(NodepoolPaths.Canary("i", Everybody), record.Write());

    /// <summary>The trial of <c>b2</c> beside <c>b1</c>, begun just now.</summary>
    private void PutTrial(CanaryTally tally, CanaryTally old)
    {
        PutReady("b1", 10);
        PutReady("b2", 20);
        Put(new CanaryRecord { Trusted = Upload("b1"), TrustedBuilt = 10, Candidate = Upload("b2"), Since = Now, New = tally, Old = old });
    }
}
