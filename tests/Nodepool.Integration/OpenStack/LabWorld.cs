using System.Diagnostics.Metrics;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;
using Nodepool.Core.Images;
using Nodepool.Core.Providers;
using Nodepool.Integration.Processes;
using Nodepool.Providers.OpenStack;
using Nodepool.Providers.OpenStack.Access;
using Nodepool.Testing.OpenStackLab;
using Nodepool.Testing.Providers;

namespace Nodepool.Integration.OpenStack;

/// <summary>A project of the lab with one image in it.</summary>
internal sealed class LabWorld : IImageProviderWorld
{
    private readonly LabProject _project;
    private readonly string _imageId;
    private readonly Meter _meter = new("test");
    private readonly ScratchDirectory _scratch = new();
    private readonly OpenStackDriver _driver;
    private int _tokens;

    private LabWorld(LabProject project, string imageId)
    {
        (_project, _imageId) = (project, imageId);
        File.WriteAllText(_scratch.File("clouds.yaml"), "clouds:\n" + project.CloudsEntry("mine"));
        File.WriteAllBytes(_scratch.File("image.raw"), RandomNumberGenerator.GetBytes(3_000_000));
        var environment = new Dictionary<string, string> { ["OS_CLIENT_CONFIG_FILE"] = _scratch.File("clouds.yaml") };
        _driver = new OpenStackDriver(new OpenStackClouds(environment, _meter, "test"));
        var document = ConfigDocument.Parse(
            "np.yaml",
            $"""
            name: lab
            driver: openstack
            cloud: mine
            rate: 0
            image-format: raw
            diskimages:
              - name: debian
            pools:
              - name: main
                max-servers: 2
                networks: [{Lab.Network}]
                labels:
                  - name: small
                    diskimage: debian
                    flavor-name: {Lab.Flavor}
            """);
        Config = _driver.ReadConfig(document.Root!);
        Assert.Empty(document.Problems);
    }

    public TimeSpan Patience => TimeSpan.FromMinutes(3);

    public ProviderConfig Config { get; }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<LabWorld> CreateAsync()
    {
        var project = await (await SharedLab.Instance).CreateProjectAsync(Ct);
        return new LabWorld(project, await project.CreateImageAsync("debian-0", new Dictionary<string, string>(), Ct));
    }

    public IProvider Open() => _driver.Open(Config.OpenPart(), new DriverContext(SystemSources.Create(), NullLoggerFactory.Instance, _scratch.Root));

    public LaunchOrder NewOrder(string nodeId) =>
        LaunchOrders.New(Config, nodeId, $"token-{nodeId}-{Interlocked.Increment(ref _tokens).ToString(CultureInfo.InvariantCulture)}") with { ImageExternalId = _imageId };

    public ImageUploadOrder NewUpload(string externalName) => new(
        "debian", externalName, new Dictionary<string, string> { ["raw"] = _scratch.File("image.raw") }, new ValueMap<string>([new(NodeMetadata.ProviderName, Config.Name), new(ImageMetadata.BuildId, "1")]));

    public async ValueTask PassAsync(TimeSpan time) => await Task.Delay(time, TimeProvider.System, Ct);

    public async ValueTask DisposeAsync()
    {
        await _project.DisposeAsync();
        _meter.Dispose();
        _scratch.Dispose();
    }
}
