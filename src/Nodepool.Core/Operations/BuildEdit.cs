using Nodepool.Core.Collections;
using Nodepool.Core.Model;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Core.Operations;

/// <summary>Changes what a build's record says about its uploads.</summary>
internal sealed class BuildEdit(IStateEngine engine, string image, string build)
{
    private readonly string _path = NodepoolPaths.Build(image, build);

    /// <summary>
    /// The write that withdraws the build from a provider; null when there is nothing to withdraw: another upload of it is ready there, or nobody
    /// understands the record.
    /// </summary>
    /// <param name="provider">Where.</param>
    /// <param name="upload">The upload that is deleted with it.</param>
    /// <param name="withdrawal">When and why.</param>
    /// <param name="ct">Ends the reading.</param>
    public async ValueTask<Write?> WithdrawAsync(string provider, string upload, Withdrawal withdrawal, CancellationToken ct)
    {
        foreach (var other in await engine.ListAsync(NodepoolPaths.Uploads(image, build, provider), ct))
        {
            if (other != upload && await engine.GetAsync(NodepoolPaths.Upload(image, build, provider, other), ct) is { } entry
                && ClusterViewBuilder.Understand(entry, ImageUploadRecord.Read) is { State: ImageState.Ready })
            {
                return null;
            }
        }

        return await ReadAsync(ct) is var (record, version)
            ? new Write.Set(_path, Withdrawn(record, provider, withdrawal).Write(), version)
            : null;
    }

    /// <summary>The write that lets the build be uploaded to a provider again, now; null when the build is gone.</summary>
    public async ValueTask<Write?> RequestUploadAsync(string provider, double unixNow, CancellationToken ct)
    {
        if (await ReadAsync(ct) is not var (record, version))
        {
            return null;
        }

        var wanted = record with
        {
            Withdrawn = new ValueMap<Withdrawal>(record.Withdrawn.Where(pair => pair.Key != provider)),
            UploadRequested = new ValueMap<long>([.. record.UploadRequested, new(provider, (long)Math.Ceiling(unixNow))]),
        };
        return new Write.Set(_path, wanted.Write(), version);
    }

    /// <summary>A build's record with one more withdrawal.</summary>
    public static ImageBuildRecord Withdrawn(ImageBuildRecord record, string provider, Withdrawal withdrawal) =>
        record with { Withdrawn = new ValueMap<Withdrawal>([.. record.Withdrawn, new(provider, withdrawal)]) };

    private async ValueTask<(ImageBuildRecord Record, int Version)?> ReadAsync(CancellationToken ct) =>
        await engine.GetAsync(_path, ct) is { } entry && ClusterViewBuilder.Understand(entry, ImageBuildRecord.Read) is { } record ? (record, entry.Version) : null;
}
