using Nodepool.Core.Canaries;
using Nodepool.Core.Config;
using Nodepool.Core.Model;

namespace Nodepool.Tests.Canaries;

public sealed class CanaryJudgeTests
{
    private static readonly CanaryConfig Config = new() { Launches = 10, MaxAge = TimeSpan.FromSeconds(1000), MaxSlowdown = 2 };

    [Theory]
    [InlineData(3, 0, 0, 3, 0.05)]
    [InlineData(1, 1, 1, 1, 0.8333333)]
    [InlineData(0, 5, 2, 5, 1)]
    [InlineData(2, 0, 0, 0, 1)]
    [InlineData(8, 2, 1, 5, 0.0244755)]
    public void Fisher_OfSmallTables_IsExact(int newFailed, int newPassed, int oldFailed, int oldPassed, double expected) =>
        Assert.Equal(expected, FisherTest.Chance(newFailed, newPassed, oldFailed, oldPassed), 6);

    [Theory]
    [InlineData("0/3 of the new, 3/0 of the old", 0, 3, 3, 0, CanaryVerdict.Withdrawn)]
    [InlineData("clear among many", 5, 4, 80, 1, CanaryVerdict.Withdrawn)]
    [InlineData("too few to tell", 0, 2, 2, 0, null)]
    [InlineData("nothing to compare with", 0, 6, 0, 0, null)]
    [InlineData("the cloud is in trouble: the old one fails as well", 2, 6, 3, 7, null)]
    [InlineData("enough and good", 10, 0, 30, 0, CanaryVerdict.Promoted)]
    [InlineData("enough, as bad as the other", 8, 2, 24, 6, CanaryVerdict.Promoted)]
    [InlineData("enough, and nothing ever ready", 0, 10, 0, 1, CanaryVerdict.Withdrawn)]
    public void Launches_Decide(string why, int ready, int failed, int oldReady, int oldFailed, CanaryVerdict? expected)
    {
        var trial = Trial(new CanaryTally { Ready = ready, Failed = failed, Seconds = ready * 10 }, new CanaryTally { Ready = oldReady, Failed = oldFailed, Seconds = oldReady * 10 });

        Assert.True(expected == CanaryJudge.Judge(trial, Config, 500)?.Verdict, why);
    }

    [Theory]
    [InlineData(190, CanaryVerdict.Promoted)]
    [InlineData(210, CanaryVerdict.Withdrawn)]
    public void Slowness_Decides(double seconds, CanaryVerdict expected) => Assert.Equal(
        expected, CanaryJudge.Judge(Trial(new CanaryTally { Ready = 10, Seconds = 10 * seconds }, new CanaryTally { Ready = 5, Seconds = 500 }), Config, 500)?.Verdict);

    [Fact]
    public void Jobs_Decide_AndTheReasonHasTheEvidence()
    {
        var trial = Trial(new CanaryTally { Ready = 5, Seconds = 50, JobsFailed = 4 }, new CanaryTally { Ready = 9, Seconds = 90, JobsPassed = 9 });

        Assert.Equal(
            (CanaryVerdict.Withdrawn, "jobs fail (0.14 % by chance): 5 of 5 launches ready, 10 s on average; 0 of 4 jobs passed; the previous upload meanwhile: 9 of 9 launches ready, 10 s on average; 9 of 9 jobs passed"),
            CanaryJudge.Judge(trial, Config, 500));
    }

    [Fact]
    public void Age_PromotesWithFewLaunches_ButNotWithoutAnySuccess()
    {
        Assert.Null(CanaryJudge.Judge(Trial(new CanaryTally(), new CanaryTally()), Config, 999));
        Assert.Equal(CanaryVerdict.Promoted, CanaryJudge.Judge(Trial(new CanaryTally(), new CanaryTally()), Config, 1000)?.Verdict);
        Assert.Equal(CanaryVerdict.Withdrawn, CanaryJudge.Judge(Trial(new CanaryTally { Failed = 1 }, new CanaryTally()), Config, 1000)?.Verdict);
    }

    private static CanaryRecord Trial(CanaryTally tally, CanaryTally old) => new() { Trusted = "t", Candidate = "c", Since = 0, New = tally, Old = old };
}
