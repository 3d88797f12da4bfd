using Nodepool.Core.Model;

namespace Nodepool.Tests.Cli;

public sealed class JobVerbTests : IDisposable
{
    private const string Id = "0000000007";
    private readonly TestCli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task JobCreate_ThenReturnOfAFailure_HoldsTheNode()
    {
        Put();

        Assert.Equal(0, await _cli.RunAsync("job-create unit --hold-on-failure 1"));
        Assert.Equal(0, await _cli.RunAsync("return 7 --job unit --result FAILURE"));

        Assert.Equal((NodeState.Hold, "unit"), (_cli.Store.Node(Id).State, _cli.Store.Node(Id).HoldJob));
        Assert.EndsWith("node 0000000007 is held (job unit failed; node 1 of 1 that are held for it): nodepool return 0000000007 gives it back\n", _cli.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("return 7 --job unit", 0)]
    [InlineData("return 7 --job unit --result SUCCESS", 0)]
    [InlineData("return 7 --result FAILURE", 2)]
    [InlineData("return 7 --job unit --result ABORTED", 2)]
    public async Task Return_OtherResults_DoNotHold(string line, int status)
    {
        Put();
        await _cli.RunAsync("job-create unit --hold-on-failure 1");

        Assert.Equal(status, await _cli.RunAsync(line));

        Assert.Equal(status == 0 ? NodeState.Used : NodeState.InUse, _cli.Store.Node(Id).State);
    }

    [Fact]
    public async Task JobDelete_TakesShortIds()
    {
        await _cli.RunAsync("job-create unit");
        Assert.Equal("nodepool: no nodes are kept for it; --hold-on-failure N would keep N\n", _cli.Error);

        Assert.Equal(0, await _cli.RunAsync("job-delete 0"));
        Assert.Equal(1, await _cli.RunAsync("job-delete 0"));

        Assert.EndsWith("nodepool: job 0000000000 not found; nodepool job-list shows the jobs that exist\n", _cli.Error, StringComparison.Ordinal);
        Assert.Empty(_cli.Store.View().Jobs);
    }

    [Theory]
    [InlineData("job-create unit --hold-on-failure -1")]
    [InlineData("job-create unit --hold-on-failure many")]
    [InlineData("job-delete ../nodes/0000000007")]
    public async Task Job_WrongArguments_AreUsageErrors(string line)
    {
        Put();

        Assert.Equal(2, await _cli.RunAsync(line));
        Assert.Empty(_cli.Store.View().Jobs);
    }

    private void Put() => _cli.Store.Put(Id, new NodeRecord { State = NodeState.InUse, StateTime = 1, Provider = "cloud", Pool = "main", Type = ["debian"] });
}
