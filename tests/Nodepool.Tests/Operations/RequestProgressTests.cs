using Nodepool.Core.Explaining;
using Nodepool.Core.Model;
using Nodepool.Core.Operations;
using Nodepool.Testing.View;

namespace Nodepool.Tests.Operations;

public sealed class RequestProgressTests
{
    private readonly ViewFixture _stored = new ViewFixture().Pool("me", "slots", "main", ["slot"]).Request("200-1", RequestState.Pending, "slot")
        .Node("1", NodeState.Building, "slot", "200-1", node => node with { Provider = "slots", Launch = new LaunchRecord { Token = "t", Phase = LaunchPhase.Create } });

    /// <summary>It is not the node that hangs: what it is to be made of is asked for.</summary>
    [Fact]
    public void Slot_OfABiggerNodeThatIsAskedFor_NamesThatRequest()
    {
        Assert.Equal("has 0 of 1 nodes ready: node 1 is being made", Text());

        _stored.Request("100-7", RequestState.Requested, request => request with { Requestor = BackingRecord.OwnerOf("slots") }, "host");

        Assert.Equal("has 0 of 1 nodes ready: node 1 waits for a slot of a bigger node, which is asked for by request 100-7 for host (nodepool explain 100-7)", Text());
    }

    /// <summary>What its launch went through once is no news for whoever gets it now.</summary>
    [Theory]
    [InlineData(-60, 0)]
    [InlineData(60, 1)]
    public void Failures_AreThoseOfLaunchesForThisRequest(double readyAfter, int told)
    {
        _stored.Request("200-1", RequestState.Pending, request => request with { CreatedTime = 500 }, "slot", "slot")
            .Node("2", NodeState.Ready, "slot", "200-1", node => node with { StateTime = 500 + readyAfter, Launch = new LaunchRecord { Token = "t", Attempt = 2, Phase = LaunchPhase.Done, Failure = "no ssh" } });

        Assert.Equal(told, RequestProgress.Of(_stored.View, null, new WaitingOrder(_stored.View, ViewFixture.Now), "200-1").Failures.Count);
    }

    private string Text() => RequestProgress.Of(_stored.View, null, new WaitingOrder(_stored.View, ViewFixture.Now), "200-1").Text;
}
