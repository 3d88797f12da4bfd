using Nodepool.Core.Collections;
using Nodepool.Core.Config.Templates;
using Nodepool.Core.Model;
using Nodepool.Core.Providers;
using Nodepool.Providers.OpenStack;
using Nodepool.Providers.OpenStack.Compute;

namespace Nodepool.Tests.Providers.OpenStack.Compute;

public sealed class ServerMetadataTests : IDisposable
{
    private readonly LogLines _log = new();
    private readonly ServerMetadata _metadata;

    public ServerMetadataTests() => _metadata = new ServerMetadata(_log);

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task Properties_OfTheLabel_AreBesideOurs()
    {
        var order = await OrderAsync(new OpenStackLabelOptions { InstanceProperties = new([new("team", "infra"), new("groups", "mine"), new("nodepool_node_id", "forged")]) });

        var metadata = _metadata.Of(order);

        Assert.Equal(("infra", "mine", "1"), (metadata["team"], metadata["groups"], metadata[NodeMetadata.NodeId]));
    }

    [Fact]
    public async Task DynamicProperties_ThatCannotBeMade_AreLeftOut()
    {
        var order = await OrderAsync(new OpenStackLabelOptions
        {
            DynamicInstanceProperties = new(
            [
                new("tenant", FormatTemplate.Parse("{request.tenant_name}!", FormatVocabulary.Request)),
                new("queue", FormatTemplate.Parse("{request.requestor_data[queue]}", FormatVocabulary.Request)),
            ]),
        });
        order = order with { Request = new NodeRequestRecord { State = RequestState.Pending, StateTime = 0, NodeTypes = ["debian-small"], TenantName = "acme" } };

        var metadata = _metadata.Of(order);

        Assert.Equal("acme!", metadata["tenant"]);
        Assert.False(metadata.ContainsKey("queue"));
        Assert.Contains(_log.All, line => line.Contains("'queue' of dynamic-instance-properties is left out", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Values_LongerThanNovaStores_LoseTheirEnd()
    {
        var order = await OrderAsync(new OpenStackLabelOptions { InstanceProperties = new([new("note", new string('a', 254) + "äö")]) });

        var value = _metadata.Of(order)["note"];

        Assert.Equal(new string('a', 254), value);
        Assert.Contains(_log.All, line => line.StartsWith("Warning: Node 1: metadata 'note' is longer", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Groups_LongerThanNovaStores_LoseWholeGroups()
    {
        var order = await OrderAsync(new OpenStackLabelOptions());
        var groups = $"{new string('p', 100)},{new string('i', 100)},{new string('l', 100)}";
        order = order with { Metadata = new ValueMap<string>([.. order.Metadata, new(NodeMetadata.Groups, groups)]) };

        Assert.Equal($"{new string('p', 100)},{new string('i', 100)}", _metadata.Of(order)[NodeMetadata.Groups]);
    }

    [Fact]
    public async Task Token_ThatDoesNotFit_IsRefused()
    {
        var order = await OrderAsync(new OpenStackLabelOptions());
        order = order with { Metadata = new ValueMap<string>([.. order.Metadata, new(NodeMetadata.ProviderName, new string('p', 300))]) };

        Assert.Equal(ProviderFault.Rejected, Assert.Throws<ProviderException>(() => _metadata.Of(order)).Fault);
    }

    [Fact]
    public async Task Keys_ThatNovaDoesNotTake_AreLeftOut()
    {
        var order = await OrderAsync(new OpenStackLabelOptions { InstanceProperties = new([new("a/b", "x"), new("a.b c:d_e-f", "y")]) });

        Assert.Equal(["a.b c:d_e-f"], _metadata.Of(order).Keys.Where(key => key.StartsWith('a')));
    }

    [Fact]
    public void Read_OfTheSeedsForm_GivesTheFlatKeys()
    {
        var read = ServerMetadata.Read(new Dictionary<string, string>
        {
            ["groups"] = """["p", "i"]""",
            ["nodepool"] = """{"provider_name": "p", "node_id": 123, "image_name": "i", "snapshot_image_id": 4}""",
        });

        Assert.Equal(("p", "123", "i"), (read[NodeMetadata.ProviderName], read[NodeMetadata.NodeId], read[NodeMetadata.ImageName]));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[1]")]
    [InlineData("""{"provider_name": {"a": 1}}""")]
    public void Read_OfSomebodyElsesKey_GivesNothingOfOurs(string text) =>
        Assert.Equal(["nodepool"], ServerMetadata.Read(new Dictionary<string, string> { ["nodepool"] = text }).Keys);

    [Fact]
    public void Read_OfBothForms_TakesTheNewOne()
    {
        var read = ServerMetadata.Read(new Dictionary<string, string> { ["nodepool"] = """{"provider_name": "old"}""", [NodeMetadata.ProviderName] = "new" });

        Assert.Equal("new", read[NodeMetadata.ProviderName]);
    }

    private static async Task<LaunchOrder> OrderAsync(OpenStackLabelOptions options)
    {
        await using var bed = new OpenStackBed(OpenStackSections.Make(options));
        return bed.NewOrder();
    }
}
