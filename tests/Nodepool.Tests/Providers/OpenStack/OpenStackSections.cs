using Nodepool.Core.Config;
using Nodepool.Providers.OpenStack;

namespace Nodepool.Tests.Providers.OpenStack;

/// <summary>Provider sections for a <c>FakeOpenStack</c>.</summary>
internal static class OpenStackSections
{
    /// <summary>One pool of one label with the cloud's image <c>debian</c> and flavor <c>small</c>.</summary>
    public static ProviderConfig Make(OpenStackLabelOptions? label = null, OpenStackPoolOptions? pool = null, OpenStackOptions? options = null) => new()
    {
        Name = "cloud-provider",
        Driver = "openstack",
        ImageFormats = ["raw"],
        CloudImages = [new() { Name = "debian", Options = new OpenStackCloudImageOptions(null, null, null) }],
        Options = options ?? new OpenStackOptions { Cloud = "envvars" },
        Pools =
        [
            new()
            {
                Name = "main",
                Options = pool ?? new OpenStackPoolOptions(),
                Labels = [new() { Name = "debian-small", CloudImage = "debian", Options = label ?? new OpenStackLabelOptions { Flavor = new(null, "small") } }],
            },
        ],
    };

    /// <summary>The same with an image of ours in the place of the cloud's.</summary>
    public static ProviderConfig MakeBuilt()
    {
        // A file goes over real threads while the clock of the test runs: no upload is too slow.
        var config = Make(options: new OpenStackOptions { Cloud = "envvars", ImageUploadTimeout = TimeSpan.FromDays(40) });
        var pool = config.Pools[0];
        return config with
        {
            DiskImages = [new() { Name = "built" }],
            Pools = [pool with { Labels = [pool.Labels[0] with { CloudImage = null, DiskImage = "built" }] }],
        };
    }
}
