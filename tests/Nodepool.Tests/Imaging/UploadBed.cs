using Microsoft.Extensions.Logging.Abstractions;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Images;
using Nodepool.Core.Imaging;
using Nodepool.Core.Model;
using Nodepool.Core.Operations;
using Nodepool.Core.State;
using Nodepool.Core.View;
using Nodepool.Providers.Fake;
using Nodepool.Testing.Simulation;
using Nodepool.Tests.Launching;

namespace Nodepool.Tests.Imaging;

/// <summary>A builder of an image <c>i</c> that is built already; providers <c>p1</c>, <c>p2</c>, … on one cloud take it.</summary>
internal sealed class UploadBed : IPostUploadHook
{
    private readonly BuilderOptions _options;

    public UploadBed(Func<ProviderConfig, ProviderConfig>? provider = null, int providers = 1, int workers = 4, Func<DiskImageConfig, DiskImageConfig>? image = null, CancellationToken stop = default)
    {
        var names = Enumerable.Range(1, providers).Select(number => $"p{number}");
        Bed = new ReloadBed(new NodepoolConfig
        {
            ImagesDir = "/images",
            DiskImages = [(image ?? (same => same))(new DiskImageConfig { Name = "i", Formats = ["qcow2"], Pause = true })],
            Providers = names.Select(name => (provider ?? (same => same))(new ProviderConfig
            {
                Name = name,
                Driver = "fake",
                ImageFormats = ["qcow2"],
                Options = new FakeOptions(),
                DiskImages = [new ProviderDiskImageConfig { Name = "i" }],
            })).ToValueList(),
        });
        _options = new BuilderOptions { Hostname = "host", Version = "1", UploadWorkers = workers };
        Bed.Start(() => Builder(stop));
    }

    public ReloadBed Bed { get; }

    public SimDisk Disk { get; } = new("me");

    /// <summary>Runs a builder.</summary>
    public Task Builder(CancellationToken stop)
    {
        var context = new BuilderContext(Bed.Engine, Bed.Feed, Bed.Process.Sources, NullLoggerFactory.Instance, new BuildTools([], new SimBuildLogs()), this, _options);
        return new BuilderRole(context, _ => Disk, Bed.Open, Bed.FollowAsync(CancellationToken.None)).RunAsync(stop);
    }

    /// <summary>What the hook was asked about.</summary>
    public List<PostUploadOrder> Asked { get; } = [];

    /// <summary>What the hook answers; null lets everything pass.</summary>
    public string? Refusal { get; set; }

    public ImageView Image => Bed.Feed.Current.Image("i");

    public ImageActions Actions => new(Bed.Engine, Bed.Process.Sources);

    public async Task RunAsync(PostUploadOrder order, CancellationToken ct)
    {
        Asked.Add(order);
        await Task.Delay(TimeSpan.FromSeconds(1), Bed.Process.Time, ct);
        if (Refusal is { } refusal)
        {
            throw new PostUploadException(refusal);
        }
    }

    /// <summary>Lets a build be there, as of now.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="also">What is stored at the same moment.</param>
    public void Build(string id, params Write[] also)
    {
        Disk.Write($"/images/i-{id}", isComplete: true);
        BuildOf("me", id, also);
    }

    /// <summary>Lets a build of some builder be there, as of now; no files.</summary>
    public void BuildOf(string builder, string id, params Write[] also)
    {
        var record = new ImageBuildRecord { State = ImageState.Ready, StateTime = Bed.Process.Sources.UnixNow, BuilderId = builder, Formats = ["qcow2"] };
        Bed.Do(() => Bed.Engine.CommitAsync([new Write.Create(NodepoolPaths.Build("i", id), record.Write(), CreateModes.Persistent), .. also], CancellationToken.None).AsTask());
    }

    /// <summary>Waits for the newest upload of a build to a provider to be in a state.</summary>
    public UploadView Until(string build, ImageState state, string provider = "p1")
    {
        UploadView? found = null;
        Bed.Until(() => (found = Newest(build, provider)) is { Record: { } record } && record.State == state, $"{build} is {state} at {provider}");
        return found!;
    }

    public UploadView? Newest(string build, string provider = "p1") =>
        Image.Uploads.Values.Where(upload => upload.Build == build && upload.Provider == provider).MaxBy(upload => upload.Id, StringComparer.Ordinal);
}
