using Nodepool.Core.Model;
using Nodepool.Core.Operations;
using Nodepool.Core.State;
using Nodepool.Providers.Fake.Cloud;

namespace Nodepool.Integration.Peers;

/// <summary>A launcher's clock is set, and its session ended, while it works.</summary>
public sealed class ClockAndSessionTests(ITestOutputHelper output)
{
    private readonly JumpingTime _time = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Clock_SetForwardAndBackInTheMiddleOfLaunches_CostsNoRequest()
    {
        await using var bed = await PeerBed.CreateAsync(output);
        var sources = PeerBed.Sources with { Time = _time };
        var cloud = new FakeCloud(PeerBed.Sources) { Behaviour = { CreateLatency = TimeSpan.FromSeconds(1) } };
        await using var launcher = await InsideLauncher.StartAsync(bed, sources, cloud);
        await bed.UntilAsync("a pool", view => view.Pools.Any());

        var first = await AskAsync(bed);
        foreach (var jump in (TimeSpan[])[TimeSpan.FromHours(26), TimeSpan.FromHours(-50), TimeSpan.FromHours(24)])
        {
            var id = await AskAsync(bed);
            await bed.UntilAsync("a launch under way", view => view.Nodes.Of(id).Any(node => view.Nodes.ById[node].Record!.State == NodeState.Building));
            _time.Jump(jump);
            await bed.UntilAsync($"fulfilled in spite of {jump.TotalHours:0} hours", view => view.Requests.GetValueOrDefault(id)?.Record?.State == RequestState.Fulfilled);
        }

        Assert.False(launcher.Running.IsCompleted);
        Assert.False(launcher.Engine.SessionEnded.IsCancellationRequested);

        // After the clock went back, what looks at it now and then does so still: lock directories of requests that are gone.
        await bed.Engine.CommitAsync([new Write.Delete(NodepoolPaths.Request(first), Write.AnyVersion)], Ct);
        Assert.Contains(first, bed.View.RequestLocks.Keys);
        _time.Jump(TimeSpan.FromMinutes(11));
        await bed.UntilAsync("the lock directory of a request that is gone is gone", view => !view.RequestLocks.ContainsKey(first));
        Assert.NotEmpty(bed.View.RequestLocks);
        bed.NobodyOffended();
    }

    [Fact]
    public async Task Session_EndedByAnotherClient_StopsTheLauncherAndItsSuccessorGoesOn()
    {
        await using var bed = await PeerBed.CreateAsync(output);
        var cloud = new FakeCloud(PeerBed.Sources) { Behaviour = { CreateLatency = TimeSpan.FromSeconds(3) } };
        await using var first = await InsideLauncher.StartAsync(bed, PeerBed.Sources, cloud);
        await bed.UntilAsync("a pool", view => view.Pools.Any());
        var id = await AskAsync(bed);
        await bed.UntilAsync("a launch under way", view => view.Nodes.ById.Values.Any(node => node.Record!.ExternalId.AsText() is not null));
        var (node, instance) = (Assert.Single(bed.View.Nodes.ById.Keys), Assert.Single(cloud.Truth.Servers).Id);

        await first.EndSessionAsync();

        var end = await Assert.ThrowsAsync<StateException>(() => first.Running.WaitAsync(TimeSpan.FromSeconds(60), Ct));
        Assert.Equal(StateFault.SessionEnded, end.Fault);
        await bed.UntilAsync("nothing of it is registered", view => view.Components.IsEmpty && view.Nodes.ById.Values.All(left => !left.IsLocked));
        Assert.Equal(RequestState.Pending, bed.View.Requests[id].Record!.State);

        await using var second = await InsideLauncher.StartAsync(bed, PeerBed.Sources, cloud);
        await bed.UntilAsync("fulfilled", view => view.Requests.GetValueOrDefault(id)?.Record?.State == RequestState.Fulfilled);
        Assert.Equal((node, instance), (Assert.Single(bed.View.Nodes.ById.Keys), bed.View.Nodes.ById[node].Record!.ExternalId.AsText()));
        Assert.Single(cloud.Truth.Servers);
        bed.NobodyOffended();
    }

    private static ValueTask<string> AskAsync(PeerBed bed) => new RequestActions(bed.Engine, PeerBed.Sources, new ClientIdentity("tester", "test"))
        .SubmitAsync(new NewNodeRequest { Labels = ["small"], Requestor = "test", Reuse = false }, endsWithSession: false, Ct);
}
