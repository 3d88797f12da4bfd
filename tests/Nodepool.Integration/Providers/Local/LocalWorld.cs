using Microsoft.Extensions.Logging.Abstractions;
using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Images;
using Nodepool.Core.Providers;
using Nodepool.Integration.ImageTools;
using Nodepool.Providers.Local;
using Nodepool.Testing.Providers;

namespace Nodepool.Integration.Providers.Local;

/// <summary>This host with a directory of its own and an imported image.</summary>
internal sealed class LocalWorld : IImageProviderWorld
{
    /// <summary>Name of the image that is there from the beginning.</summary>
    public const string Image = "test-image";

    private readonly IReadOnlyDictionary<string, string> _files;
    private int _tokens;

    private LocalWorld(LocalKind kind, IReadOnlyDictionary<string, string> files, LocalPrograms programs, string root)
    {
        _files = files;
        Programs = programs;
        Root = root;
        var label = new PoolLabelConfig { Name = "test-label", DiskImage = "debian", Options = new LocalLabelOptions(kind, 256, 1, []) };
        Config = new ProviderConfig
        {
            Name = "test-host",
            Driver = LocalDriver.DriverName,
            Options = new LocalOptions(AddressBlock.Default, []),
            Pools = [new PoolConfig { Name = "main", Labels = [label] }],
        };
    }

    public ProviderConfig Config { get; }

    /// <summary>The provider's directory.</summary>
    public string Root { get; }

    public LocalPrograms Programs { get; }

    // Emulated machines, on a host that runs the other tests too.
    public TimeSpan Patience => TimeSpan.FromMinutes(5);

    public LocalPaths Paths => new(Root);

    public Sources Sources { get; } = SystemSources.Create();

    /// <summary>Without KVM: trying it out costs seconds in every fresh directory, and emulation is what works everywhere.</summary>
    public static LocalPrograms Emulating { get; } = new() { KvmDevice = "/dev/no-kvm" };

    /// <summary>A world with an image in it. Importing takes seconds, so one import serves all worlds of a run.</summary>
    public static async Task<LocalWorld> CreateAsync(LocalKind kind, DebianImage built, ImportedImage imported, LocalPrograms? programs = null)
    {
        var ct = TestContext.Current.CancellationToken;
        var root = Directory.CreateTempSubdirectory("nodepool-local-").FullName;
        var world = new LocalWorld(kind, await built.GetAsync(ct), programs ?? Emulating, root);
        Directory.CreateDirectory(world.Paths.Images);
        Directory.CreateSymbolicLink(world.Paths.Image(Image).Directory, await imported.GetAsync(built, ct));
        return world;
    }

    /// <summary>A world that another process made; that one removes it.</summary>
    public static LocalWorld Existing(LocalKind kind, string root) => new(kind, new Dictionary<string, string>(), Emulating, root);

    public IProvider Open() => new LocalDriver(Programs).Open(Config.OpenPart(), new DriverContext(Sources, NullLoggerFactory.Instance, Root));

    public LaunchOrder NewOrder(string nodeId) =>
        LaunchOrders.New(Config, nodeId, $"{nodeId}-{++_tokens}") with { ImageExternalId = Image };

    public ImageUploadOrder NewUpload(string externalName) => new("debian", externalName, _files, new ValueMap<string>([new("nodepool_build_id", "1")]));

    public async ValueTask PassAsync(TimeSpan time) => await Task.Delay(time, Sources.Time);

    public async ValueTask DisposeAsync()
    {
        await using (var provider = Open())
        {
            await foreach (var resource in provider.ListResourcesAsync(CancellationToken.None))
            {
                if (resource.Type == CloudResource.InstanceType)
                    await provider.DeleteResourceAsync(resource, CancellationToken.None);
            }
        }

        // An ordinary user's trees belong to the users of its namespace.
        await FileTrees.RemoveAsync([Root], Sources.Time, CancellationToken.None);
    }
}
