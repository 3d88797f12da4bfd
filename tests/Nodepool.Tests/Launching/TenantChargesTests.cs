using Nodepool.Core.Launching.Pools;
using Nodepool.Core.Model;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Tests.Launching;

public sealed class TenantChargesTests
{
    private static readonly string Path = NodepoolPaths.TenantLedger("a");
    private static readonly TenantLedgerRecord Record = new() { Request = "200-1", Pool = "p/main", Time = 1 };

    private readonly List<Write> _committed = [];

    [Fact]
    public async Task Charges_OfOnePlan_RaiseTheVersionOneByOne()
    {
        var charges = Charges(version: 5);

        await charges.CommitAsync("a", Record, Succeed);
        await charges.CommitAsync("a", Record, Succeed);

        Assert.Equal([5, 6], _committed.Cast<Write.Set>().Select(write => write.Version));
    }

    [Fact]
    public async Task Charge_OfATenantWithoutEntry_MakesIt()
    {
        var charges = Charges(version: null);

        await charges.CommitAsync("a", Record, Succeed);
        await charges.CommitAsync("a", Record, Succeed);

        Assert.IsType<Write.Create>(_committed[0]);
        Assert.Equal(0, Assert.IsType<Write.Set>(_committed[1]).Version);
    }

    /// <summary>The next version would be there, but made by somebody whose nodes the plan has not counted.</summary>
    [Fact]
    public async Task Charge_AfterSomebodyElseWasQuicker_IsNotTried()
    {
        var charges = Charges(version: 5);

        await Assert.ThrowsAsync<StateException>(async () => await charges.CommitAsync("a", Record, _ => Fail(StateFault.VersionMismatch, Path)));
        var next = await Assert.ThrowsAsync<StateException>(async () => await charges.CommitAsync("a", Record, Succeed));

        Assert.True(next.IsConflict);
        Assert.Empty(_committed);
    }

    [Fact]
    public async Task Charge_AfterOneWhoseFateIsUnknown_IsNotTried()
    {
        var charges = Charges(version: 5);

        await Assert.ThrowsAsync<StateException>(async () => await charges.CommitAsync("a", Record, _ => Fail(StateFault.OutcomeUnknown, Path)));
        await Assert.ThrowsAsync<StateException>(async () => await charges.CommitAsync("a", Record, Succeed));

        Assert.Empty(_committed);
    }

    [Fact]
    public async Task Charge_AfterOneThatFailedForAnotherReason_ExpectsTheSameVersion()
    {
        var charges = Charges(version: 5);

        await Assert.ThrowsAsync<StateException>(async () => await charges.CommitAsync("a", Record, _ => Fail(StateFault.VersionMismatch, "/nodepool/requests/200-1")));
        await charges.CommitAsync("a", Record, Succeed);

        Assert.Equal(5, Assert.IsType<Write.Set>(Assert.Single(_committed)).Version);
    }

    [Fact]
    public async Task Charges_OfOnePlan_WaitForEachOther()
    {
        var charges = Charges(version: 5);
        var first = new TaskCompletionSource<CommitResult>();

        var one = charges.CommitAsync("a", Record, _ => new ValueTask<CommitResult>(first.Task)).AsTask();
        var two = charges.CommitAsync("a", Record, Succeed).AsTask();
        var other = charges.CommitAsync("b", Record, Succeed).AsTask();
        await other;
        Assert.Single(_committed);

        first.SetResult(new CommitResult(1, []));
        await Task.WhenAll(one, two);
        Assert.Equal(6, Assert.IsType<Write.Set>(_committed[1]).Version);
    }

    private static TenantCharges Charges(int? version)
    {
        var view = new ClusterView();
        return new TenantCharges(version is { } number ? view with { Ledger = view.Ledger.Add("a", new TenantLedgerView("a", number, 10)) } : view);
    }

    private static ValueTask<CommitResult> Fail(StateFault fault, string path) => throw new StateException(fault, path, "no");

    private ValueTask<CommitResult> Succeed(Write charge)
    {
        _committed.Add(charge);
        return ValueTask.FromResult(new CommitResult(1, []));
    }
}
