using Nodepool.Core.Model;
using Nodepool.Core.Model.Json;
using Nodepool.Status;
using Nodepool.Testing.View;
using Nodepool.Tests.Config;

namespace Nodepool.Tests.Status;

/// <summary>Hosts that exist and do not answer.</summary>
public sealed class HostProblemTests
{
    private readonly ViewFixture _stored = new ViewFixture().Pool("me", "hosts", "main", ["box"]).Node("1", NodeState.InUse, "box", change: node => node with
    {
        Provider = "hosts",
        Pool = "main",
        Hostname = "one",
        Username = "zuul",
        ConnectionPort = RawJson.FromNumber(22),
    });

    [Fact]
    public void Host_WithoutANode_IsNamed() =>
        Assert.Equal("host zuul@two:2222 of pool hosts/main has no node: it does not answer, or shows other host keys than the configuration has (the launcher's log says which)", Assert.Single(Problems()));

    [Fact]
    public void Host_OfAProviderThatShallBecomeEmpty_IsNoProblem() => Assert.Empty(Problems(_stored.Put(NodepoolPaths.Drain("hosts"), new DrainRecord { Since = 1, By = "me" }.Write())));

    [Fact]
    public void Host_OfAPoolThatNobodyRuns_IsNotNamed() => Assert.Empty(Problems(new ViewFixture()));

    private IEnumerable<string> Problems(ViewFixture? stored = null)
    {
        var config = ConfigSamples.RealDrivers.Read(
            "np.yaml", "/etc/nodepool",
            "labels: [{name: box}]\nproviders: [{name: hosts, driver: static, pools: [{name: main, nodes: [{name: one, labels: box}, {name: two, labels: box, connection-port: 2222}]}]}]");
        Assert.NotNull(config.Config);
        return StatusProblems.Of((stored ?? _stored).View, config, ViewFixture.Now).Where(problem => problem.StartsWith("host ", StringComparison.Ordinal));
    }
}
