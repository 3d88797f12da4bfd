using Nodepool.Core.Launching.Pools;
using Nodepool.Core.Model;
using Nodepool.Core.View;
using Nodepool.Testing.View;

namespace Nodepool.Tests.Launching;

public sealed class FairOrderTests
{
    private readonly ViewFixture _stored = new();

    [Fact]
    public void OneParty_ServesRelativePriorityThenAge()
    {
        Ask("200-1", "a", relative: 1);
        Ask("200-2", "a");
        Ask("200-3", "a");
        Ask("100-9", "a", relative: 9);

        Assert.Equal(["100-9", "200-2", "200-3", "200-1"], Order());
    }

    [Fact]
    public void OneParty_WaitingMakesUpForRelativePriority()
    {
        Ask("200-1", "a", relative: 1, age: FairOrder.Step.TotalSeconds + 1);
        Ask("200-2", "a");
        Ask("200-3", "a", relative: 1000, age: FairOrder.Head.TotalSeconds + 2);

        Assert.Equal(["200-3", "200-1", "200-2"], Order());
    }

    /// <summary>Zuul gives each change of a queue its number.</summary>
    [Fact]
    public void OneParty_LargeRelativePrioritiesDifferToo()
    {
        Ask("200-1", "a", relative: 20, age: 60);
        Ask("200-2", "a", relative: 10);
        Ask("200-3", "a", relative: 9);

        Assert.Equal(["200-3", "200-2", "200-1"], Order());
    }

    [Fact]
    public void Parties_TakeTurnsFromWhatEachHas()
    {
        Ask("200-1", "flood", age: 9000);
        Ask("200-2", "flood", age: 9000);
        Ask("200-3", "flood", age: 9000);
        Ask("200-4", "quiet");
        Ask("200-5", null, requestor: "ann");
        _stored.Node("1", NodeState.InUse, change: node => node with { TenantName = "flood" }).Lock("1");

        Assert.Equal(["200-4", "200-5", "200-1", "200-2", "200-3"], Order());
    }

    [Fact]
    public void Parties_WithTheSame_TheOlderRequestIsFirst()
    {
        Ask("200-1", "a", age: 10);
        Ask("200-2", "b", age: 20);

        Assert.Equal(["200-2", "200-1"], Order());
    }

    [Fact]
    public void Weight_LetsAPartyHaveMore()
    {
        foreach (var id in new[] { "1", "2", "3" })
        {
            Ask("200-1" + id, "heavy");
            Ask("200-2" + id, "light");
        }

        Assert.Equal(["200-11", "200-21", "200-12", "200-13", "200-22", "200-23"], Order(party => party.Tenant == "heavy" ? 2 : 1));
    }

    /// <summary>Idle nodes work for nobody, whoever they were once made for.</summary>
    [Fact]
    public void IdleNodes_CountForNobody()
    {
        Ask("200-1", "a");
        Ask("200-2", "b");
        _stored.Node("1", NodeState.Ready, change: node => node with { TenantName = "a" });

        Assert.Equal(["200-1", "200-2"], Order());
    }

    [Fact]
    public void Pending_HasItsPoolAndIsNotInTheOrder()
    {
        _stored.Request("200-1", RequestState.Pending, "small");

        Assert.Empty(Order());
    }

    private void Ask(string id, string? tenant, int relative = 0, double age = 0, string requestor = "zuul") => _stored.Request(
        id,
        RequestState.Requested,
        request => request with { TenantName = tenant, Requestor = requestor, RelativePriority = relative, CreatedTime = ViewFixture.Now - age },
        "small");

    private IEnumerable<string> Order(Func<Party, double>? weightOf = null) =>
        FairOrder.Of(_stored.View, weightOf ?? (_ => 1), ViewFixture.Now).Select(request => request.Id);
}
