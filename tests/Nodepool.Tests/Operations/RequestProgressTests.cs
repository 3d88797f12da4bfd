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

    private string Text() => RequestProgress.Of(_stored.View, null, new WaitingOrder(_stored.View, ViewFixture.Now), "200-1").Text;
}
