using Nodepool.Core.Model;
using Nodepool.Core.Model.Json;
using Nodepool.Core.State;

namespace Nodepool.Core.Operations;

/// <summary>Asks for image builds, as an operator does. A builder takes the request back in the commit that stores the finished build.</summary>
/// <param name="engine">The store.</param>
public sealed class BuildRequests(IStateEngine engine)
{
    private const int Attempts = 5;

    /// <summary>Asks for a build now. A request whose builds have failed so far is renewed: then nothing waits for the back-off to pass.</summary>
    /// <exception cref="OperationRefusedException">The image is paused by command.</exception>
    public async ValueTask<BuildRequest> SubmitAsync(string image, CancellationToken ct)
    {
        if (await engine.GetAsync(NodepoolPaths.ImagePause(image), ct) is not null)
        {
            throw new OperationRefusedException(Refusal.WrongState, $"image {image} is paused: nodepool image-unpause {image} allows builds again");
        }

        var path = NodepoolPaths.BuildRequest(image);
        for (var attempt = 1; ; attempt++)
        {
            var open = await engine.GetAsync(path, ct);
            try
            {
                if (open is null)
                {
                    await engine.CommitAsync([Create(path)], ct);
                    return new BuildRequest(true, await MadeAsync(path, ct));
                }

                if (!await HasFailedAsync(image, open.CreatedMs, ct))
                {
                    return new BuildRequest(false, open.CreatedMs);
                }

                await engine.CommitAsync([new Write.Delete(path, open.Version), Create(path)], ct);
                return new BuildRequest(false, await MadeAsync(path, ct)) { IsRenewed = true };
            }
            catch (StateException e) when (e.IsConflict && attempt < Attempts)
            {
                // Somebody else has just asked, or a builder is done: look again.
            }
        }
    }

    private static Write Create(string path) => new Write.Create(path, ReadOnlyMemory<byte>.Empty, CreateModes.Persistent);

    private async ValueTask<long?> MadeAsync(string path, CancellationToken ct) => (await engine.GetAsync(path, ct))?.CreatedMs;

    /// <summary>A build that answers the request has failed, and none is under way.</summary>
    private async ValueTask<bool> HasFailedAsync(string image, long requestMs, CancellationToken ct)
    {
        if ((await engine.ListAsync(NodepoolPaths.BuildsLock(image), ct)).Count > 0)
        {
            return false;
        }

        foreach (var id in await engine.ListAsync(NodepoolPaths.Builds(image), ct))
        {
            if (await engine.GetAsync(NodepoolPaths.Build(image, id), ct) is { Data.IsEmpty: false } entry && IsFailure(entry, requestMs))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsFailure(Entry entry, long requestMs)
    {
        try
        {
            return ImageBuildRecord.Read(entry.Data.Span) is { State: ImageState.Failed, Run.RequestMs: { } answered } && answered == requestMs;
        }
        catch (RecordFormatException)
        {
            return false;
        }
    }
}
