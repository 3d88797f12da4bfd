using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Providers;
using Nodepool.Providers.Fake.Cloud;
using Nodepool.Testing;

namespace Nodepool.Tests.Cli;

/// <summary>A cloud, and files, to go with <see cref="RichStore"/>: machines and images that records know, and others.</summary>
internal static class RichCloud
{
    public static void Fill(TestCli cli)
    {
        // Sources of its own: the ids that the store hands out do not depend on what the cloud has.
        var cloud = cli.Driver.CloudOf("cloud", SeededSources.Create(cli.Store.Time));
        Instance(cloud, "np0000000003", (NodeMetadata.ProviderName, "cloud"), (NodeMetadata.NodeId, "0000000003"));
        Instance(cloud, "bastion");
        Instance(cloud, "np0000000099", (NodeMetadata.ProviderName, "theirs"), (NodeMetadata.NodeId, "0000000099"));
        Image(cloud, "debian-12-4f1c9d2e-0000000001", "4f1c9d2e", "0000000001");
        Image(cloud, "debian-12-deadbeef-0000000007", "deadbeef", "0000000007");
        cli.Files["images.json"] = """{"/nodepool/images/centos/builds/0000000001": "{\"state\": \"ready\", \"state_time\": 900.5, \"builder\": \"old\"}", "/nodepool/images/centos/pause": ""}"""u8.ToArray();
    }

    private static void Instance(FakeCloud cloud, string name, params (string Key, string Value)[] metadata) =>
        Done(cloud.CreateAsync(new(name, Map(metadata), Quota.Of((Quota.Instances, 1), (Quota.Cores, 4)), Name: name), default).AsTask());

    private static void Image(FakeCloud cloud, string name, string build, string upload) => Done(
        cloud.UploadAsync(name, Map((ImageMetadata.BuildId, build), (ImageMetadata.UploadId, upload), (NodeMetadata.ProviderName, "cloud")), new Progress<double>(), default).AsTask());

    private static ValueMap<string> Map(params (string Key, string Value)[] pairs) => new(pairs.Select(pair => KeyValuePair.Create(pair.Key, pair.Value)));

    /// <summary>Without latency the cloud does everything before it returns.</summary>
    private static void Done(Task task) => Assert.True(task.IsCompletedSuccessfully);
}
