using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Model;
using Nodepool.Core.Model.Json;
using Nodepool.Core.Operations;
using Nodepool.Core.Providers;
using Nodepool.Testing.View;

namespace Nodepool.Tests.Operations;

public sealed class AliensTests
{
    private readonly ViewFixture _stored = new();

    [Fact]
    public void Instances_OfNodes_AreKnownByTheirId()
    {
        _stored.Node("1", NodeState.Ready, change: node => node with { ExternalId = RawJson.FromText("i-1") });
        _stored.Node("2", NodeState.Ready, change: node => node with { ExternalId = RawJson.FromText("i-2"), Provider = "other" });

        Assert.Equal(["hand-made", "i-2"], Instances(Instance("i-1"), Instance("hand-made"), Instance("i-2")));
    }

    [Fact]
    public void Instances_OfANodeOfSeveralParts_AreKnownByEachOfItsIds()
    {
        _stored.Node("1", NodeState.Ready, change: node => node with { ExternalId = RawJson.FromUtf8("""{"instance":"i-1","host":null,"others":{"a":"i-2"}}"""u8) });

        Assert.Equal(["i-3"], Instances(Instance("i-1"), Instance("i-2"), Instance("i-3")));
    }

    [Fact]
    public void Instances_WhoseIdIsStoredNowhere_AreKnownByTheirMetadata()
    {
        _stored.Node("1", NodeState.Building);

        Assert.Equal(
            ["another attempt", "another node", "another provider"],
            Instances(
                Instance("part", (NodeMetadata.ProviderName, "p"), (NodeMetadata.NodeId, "1")),
                Instance("being made", (NodeMetadata.ProviderName, "p"), (NodeMetadata.NodeId, "1"), (NodeMetadata.Token, "np-1")),
                Instance("another attempt", (NodeMetadata.ProviderName, "p"), (NodeMetadata.NodeId, "1"), (NodeMetadata.Token, "np-0")),
                Instance("another node", (NodeMetadata.ProviderName, "p"), (NodeMetadata.NodeId, "2")),
                Instance("another provider", (NodeMetadata.ProviderName, "q"), (NodeMetadata.NodeId, "1"))));
    }

    [Fact]
    public void Images_OfUploads_AreKnownWhateverTheConfigurationSays()
    {
        _stored.Upload("i", "b", "p", "0000000001", ImageState.Ready, 1).Upload("removed", "b", "p", "0000000001", ImageState.Deleting, 1)
            .Upload("i", "b", "p", "0000000003", ImageState.Failed, 1);
        _stored.Put(NodepoolPaths.Upload("i", "c", "p", "0000000001"), new ImageUploadRecord { State = ImageState.Uploading, StateTime = 1 }.Write());

        Assert.Equal(
            ["elsewhere", "failed", "lost"],
            Images(
                Image("ext-b-0000000001", "b", "0000000001"),
                Image("being uploaded", "c", "0000000001"),
                Image("failed", "b", "0000000003"),
                Image("lost", "x", "0000000001"),
                Image("elsewhere", "b", "0000000001", (NodeMetadata.ProviderName, "q")),
                new CloudResource(CloudResource.ImageType, "the cloud's own", ValueMap<string>.Empty, Quota.Zero)));
    }

    [Theory]
    [InlineData("p, node 7", NodeMetadata.ProviderName, "p", NodeMetadata.NodeId, "7")]
    [InlineData("p", NodeMetadata.ProviderName, "p", "x", "y")]
    [InlineData("old, node 12", "nodepool", """{"provider_name":"old","node_id":12}""", "groups", "[]")]
    [InlineData(null, "nodepool", "not JSON", "x", "y")]
    public void MadeFor_ReadsBothFormsOfMetadata(string? expected, string key, string value, string key2, string value2) =>
        Assert.Equal(expected, Aliens.MadeFor(Instance("i", (key, value), (key2, value2))));

    private IEnumerable<string> Instances(params CloudResource[] listed) => Aliens.Instances(_stored.View, "p", listed).Select(resource => resource.ExternalId);

    private IEnumerable<string> Images(params CloudResource[] listed) => Aliens.Images(_stored.View, "p", listed).Select(resource => resource.ExternalId);

    private static CloudResource Instance(string id, params (string Key, string Value)[] metadata) =>
        new(CloudResource.InstanceType, id, new(metadata.Select(pair => KeyValuePair.Create(pair.Key, pair.Value))), Quota.Zero);

    private static CloudResource Image(string id, string build, string upload, params (string Key, string Value)[] more) => Instance(
        id, [(ImageMetadata.BuildId, build), (ImageMetadata.UploadId, upload), .. more]) with
    { Type = CloudResource.ImageType };
}
