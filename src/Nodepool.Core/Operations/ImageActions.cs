using Nodepool.Core.Model;
using Nodepool.Core.Model.Json;
using Nodepool.Core.Model.Transitions;
using Nodepool.Core.State;

namespace Nodepool.Core.Operations;

/// <summary>What an operator does with images. Builders see the marks and do the work.</summary>
/// <param name="engine">The store.</param>
/// <param name="sources">Time.</param>
public sealed class ImageActions(IStateEngine engine, Sources sources)
{
    private const int Attempts = 5;
    private const string WithdrawnByCommand = "deleted by command";

    /// <summary>Stops builds of an image; uploads go on.</summary>
    /// <returns>False when it was paused already.</returns>
    public ValueTask<bool> PauseAsync(string image, CancellationToken ct) => SetFlagAsync(NodepoolPaths.ImagePause(image), ct);

    /// <summary>Allows builds again.</summary>
    /// <returns>False when it was not paused.</returns>
    public async ValueTask<bool> UnpauseAsync(string image, CancellationToken ct)
    {
        try
        {
            await engine.CommitAsync([new Write.Delete(NodepoolPaths.ImagePause(image), Write.AnyVersion)], ct);
            return true;
        }
        catch (StateException e) when (e.Fault == StateFault.NotFound)
        {
            return false;
        }
    }

    /// <summary>Marks a build, with its files and uploads, as to be deleted. Asking twice does no harm.</summary>
    /// <exception cref="OperationRefusedException">It does not exist or is being built.</exception>
    public ValueTask DeleteBuildAsync(string image, string build, CancellationToken ct) => DeleteAsync(
        NodepoolPaths.Build(image, build),
        $"build {image}-{build}",
        "nodepool dib-image-list",
        ImageTransitions.Builds,
        data =>
        {
            var record = ImageBuildRecord.Read(data);
            return (record.State, (record with { State = ImageState.Deleting, StateTime = sources.UnixNow }).Write());
        },
        _ => ValueTask.FromResult<Write?>(null),
        ct);

    /// <summary>
    /// Marks an upload as to be deleted. Asking twice does no harm. When it was ready, its build is withdrawn from the provider: builders do not upload the
    /// same content there again.
    /// </summary>
    /// <exception cref="OperationRefusedException">It does not exist or is being uploaded.</exception>
    public ValueTask DeleteUploadAsync(string image, string build, string provider, string upload, CancellationToken ct) => DeleteAsync(
        NodepoolPaths.Upload(image, build, provider, upload),
        $"upload {upload} of build {image}-{build} at {provider}",
        "nodepool image-list",
        ImageTransitions.Uploads,
        data =>
        {
            var record = ImageUploadRecord.Read(data);
            return (record.State, (record with { State = ImageState.Deleting, StateTime = sources.UnixNow }).Write());
        },
        state => state == ImageState.Ready ? new BuildEdit(engine, image, build).WithdrawAsync(provider, upload, new(sources.UnixNow, WithdrawnByCommand), ct) : ValueTask.FromResult<Write?>(null),
        ct);

    private delegate (ImageState State, ReadOnlyMemory<byte> Deleting) Mark(ReadOnlySpan<byte> data);

    private async ValueTask DeleteAsync(string path, string what, string list, TransitionTable<ImageState> table, Mark mark, Func<ImageState, ValueTask<Write?>> also, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var entry = await engine.GetAsync(path, ct);
            if (entry is null || entry.Data.IsEmpty)
            {
                throw new OperationRefusedException(Refusal.NotFound, $"{what} not found; {list} shows what exists");
            }

            var (state, deleting) = Read(what, entry.Data.Span, mark);
            if (state == ImageState.Deleting)
            {
                return;
            }

            if (!table.Allows(state, ImageState.Deleting, Actors.Operator))
            {
                throw new OperationRefusedException(Refusal.WrongState, $"{what} is {state.Word()}: a builder works on it; try again when it is done");
            }

            try
            {
                var set = new Write.Set(path, deleting, entry.Version);
                await engine.CommitAsync(await also(state) is { } other ? [set, other] : [set], ct);
                return;
            }
            catch (StateException e) when (e.IsConflict && attempt < Attempts)
            {
                // A builder was quicker: look again.
            }
        }
    }

    private static (ImageState State, ReadOnlyMemory<byte> Deleting) Read(string what, ReadOnlySpan<byte> data, Mark mark)
    {
        try
        {
            return mark(data);
        }
        catch (RecordFormatException e)
        {
            throw new OperationRefusedException(Refusal.WrongState, $"the record of {what} cannot be understood and is left alone: {e.Message}");
        }
    }

    private async ValueTask<bool> SetFlagAsync(string path, CancellationToken ct)
    {
        try
        {
            await engine.CommitAsync([new Write.Create(path, ReadOnlyMemory<byte>.Empty, CreateModes.Persistent)], ct);
            return true;
        }
        catch (StateException e) when (e.Fault == StateFault.Exists)
        {
            return false;
        }
    }
}
