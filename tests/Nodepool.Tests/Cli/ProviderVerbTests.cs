using System.Text.Json.Nodes;
using Nodepool.Core.Model;
using Nodepool.Core.Providers;
using Nodepool.Providers.Fake.Cloud;

namespace Nodepool.Tests.Cli;

public sealed class ProviderVerbTests : IDisposable
{
    /// <summary>Two clouds, and a provider whose driver is known but not in this version.</summary>
    private const string Yaml = TestCli.Config +
        """

          - name: second
            driver: fake
            pools: []
          - name: amazon
            driver: openstack
            cloud: amazon
            pools: []
        """;

    private readonly TestCli _cli = new() { Yaml = Yaml };

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task AlienList_ProvidersThatCannotBeAsked_AreNamedAndTheOthersShown()
    {
        RichCloud.Fill(_cli);
        Cloud("second").Behaviour.Next(FakeOperation.List, new FakeFate { Fault = ProviderFault.Unavailable });

        Assert.Equal(1, await _cli.RunAsync("alien-list -o json --fields provider,hostname"));

        Assert.Equal(["bastion", "np0000000003", "np0000000099"], JsonNode.Parse(_cli.Out)!.AsArray().Select(row => (string)row!["hostname"]!));
        Assert.Equal(
            $"nodepool: provider amazon cannot be asked: its driver 'openstack' is not in this version ({Nodepool.Cli.ProgramVersion.Text})\n"
            + "nodepool: provider second does not answer as it should: 'List' fails; the fake cloud was told to answer Unavailable (Unavailable)\n",
            _cli.Error);
    }

    [Fact]
    public async Task AlienList_OfOneProvider_AsksOnlyThat()
    {
        Assert.Equal(0, await _cli.RunAsync("alien-list cloud"));

        Assert.Equal((1, 0), (Cloud("cloud").Count(FakeOperation.List), Cloud("second").Count(FakeOperation.List)));
        Assert.Equal("", _cli.Error);
    }

    [Theory]
    [InlineData("alien-list nowhere")]
    [InlineData("alien-image-list nowhere")]
    public async Task AlienList_OfAnUnknownProvider_NamesThoseThatThereAre(string line)
    {
        Assert.Equal(1, await _cli.RunAsync(line));
        Assert.Equal("nodepool: no provider 'nowhere' in /etc/nodepool/nodepool.yaml; it has cloud, second, amazon\n", _cli.Error);
    }

    [Fact]
    public async Task Info_Usual_AsksNoCloud()
    {
        RichStore.Fill(_cli.Store);

        Assert.Equal(0, await _cli.RunAsync("info cloud"));

        Assert.Empty(Cloud("cloud").Calls);
    }

    [Fact]
    public async Task Info_WideOfACloudThatDoesNotAnswer_ShowsTheStoreAndSaysSo()
    {
        RichStore.Fill(_cli.Store);
        Cloud("cloud").Behaviour.Next(FakeOperation.Limits, new FakeFate { Fault = ProviderFault.Throttled });

        Assert.Equal(1, await _cli.RunAsync("info cloud -o json"));

        Assert.Null(JsonNode.Parse(_cli.Out)!["usage"]);
        Assert.NotEmpty(JsonNode.Parse(_cli.Out)!["nodes"]!.AsArray());
        Assert.EndsWith("(Throttled)\n", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Info_OfAProviderThatIsOnlyStored_ShowsIt()
    {
        RichStore.Fill(_cli.Store);

        Assert.Equal(0, await _cli.RunAsync("info elsewhere -o json"));
        Assert.Equal(1, await _cli.RunAsync("info nowhere"));

        Assert.Contains("nothing is stored about one either", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Erase_Confirmed_RemovesTheRecords()
    {
        PutNode("0000000001", NodeState.Ready);
        _cli.Answer = "y";

        Assert.Equal(0, await _cli.RunAsync("erase old"));

        Assert.Equal("Remove 0 upload records and 1 node record of provider old? Nothing is deleted at the provider. [y/N] ", _cli.Error);
        Assert.Equal("0 upload records and 1 node record of provider old are gone: nodes 0000000001; what exists at the provider is still there\n", _cli.Out);
        Assert.Empty(_cli.Store.View().Nodes.ById);
    }

    [Theory]
    [InlineData("n", "nodepool: nothing was changed\n")]
    [InlineData(null, "--force does it without a question\n")]
    public async Task Erase_NotConfirmed_ChangesNothing(string? answer, string end)
    {
        PutNode("0000000001", NodeState.Ready);
        _cli.Answer = answer;

        Assert.Equal(1, await _cli.RunAsync("erase old"));

        Assert.EndsWith(end, _cli.Error, StringComparison.Ordinal);
        Assert.Single(_cli.Store.View().Nodes.ById);
    }

    [Fact]
    public async Task Erase_NodesInUse_NeedsForce()
    {
        PutNode("0000000001", NodeState.InUse);
        _cli.Answer = "y";

        Assert.Equal(1, await _cli.RunAsync("erase old"));
        Assert.Equal("nodepool: provider old is not erased: in use, held or locked: node 0000000001. --force erases it all the same\n", _cli.Error);
        Assert.Equal(0, await _cli.RunAsync("erase old --force"));

        Assert.EndsWith("nodepool: warning: erased in spite of this: in use, held or locked: node 0000000001\n", _cli.Error, StringComparison.Ordinal);
        Assert.Empty(_cli.Store.View().Nodes.ById);
    }

    [Fact]
    public async Task Erase_OfNothing_IsAProblem()
    {
        Assert.Equal(1, await _cli.RunAsync("erase old --force"));
        Assert.Equal("nodepool: nothing is stored about a provider 'old': nodepool list and image-list show the providers that there are\n", _cli.Error);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("status")]
    [InlineData("image-list")]
    [InlineData("dib-image-list")]
    [InlineData("image-status")]
    [InlineData("request-list")]
    [InlineData("job-list")]
    [InlineData("image-build debian-12")]
    public async Task OtherVerbs_WithAProviderWithoutADriver_Work(string line)
    {
        RichStore.Fill(_cli.Store);

        Assert.Equal(0, await _cli.RunAsync(line));
    }

    private FakeCloud Cloud(string provider) => _cli.Driver.CloudOf(provider, _cli.Store.Sources);

    private void PutNode(string id, NodeState state) => _cli.Store.Put(id, new NodeRecord { State = state, StateTime = 1, Provider = "old", Pool = "main", Type = ["debian"] });
}
