using Nodepool.Core.Providers;
using Xunit;

namespace Nodepool.Testing.Providers;

/// <summary>What the builder relies on in every driver that takes images of ours.</summary>
public abstract class ImageProviderContract
{
    private const string Name = "image-1700000000";

    /// <summary>A fresh world for one test.</summary>
    protected abstract ValueTask<IImageProviderWorld> CreateWorldAsync();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Upload_OfAnImage_LetsNodesBootFromIt()
    {
        await using var world = await CreateWorldAsync();
        await using var run = new ProviderRun(world);

        var id = await UploadAsync(world, run);
        var end = await run.LaunchAsync(world.NewOrder("1") with { ImageExternalId = id });

        Assert.NotEmpty(id);
        Assert.NotNull(end.Instance);
    }

    [Fact]
    public async Task Listing_OfAnImage_HasItsNameAndMetadata()
    {
        await using var world = await CreateWorldAsync();
        await using var run = new ProviderRun(world);
        var order = world.NewUpload(Name);
        order = order with
        {
            Metadata = new([.. order.Metadata, new(ImageMetadata.BuildId, "5f3c"), new(ImageMetadata.UploadId, "0000000002")]),
        };

        var id = await world.FinishAsync(Images(run).UploadImageAsync(order, new Progress<double>(), Ct).AsTask());

        // Others may have been there before.
        var resource = Assert.Single(await run.ListAsync(), resource => resource.Type == CloudResource.ImageType && resource.ExternalId == id);
        Assert.Equal(Name, resource.Name);
        Assert.All(order.Metadata, pair => Assert.Equal(pair.Value, resource.Metadata.GetValueOrDefault(pair.Key)));
    }

    [Fact]
    public async Task Upload_OfTheSameNameAfterAnInterruptedOne_Succeeds()
    {
        await using var world = await CreateWorldAsync();
        await using var dead = new ProviderRun(world);
        await using var alive = new ProviderRun(world);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var call = Images(dead).UploadImageAsync(world.NewUpload(Name), new Progress<double>(), cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        try
        {
            await world.FinishAsync(call);
        }
        catch (OperationCanceledException)
        {
            // Either is right: the call may have been too fast to be cancelled.
        }

        var id = await UploadAsync(world, alive);

        Assert.NotNull((await alive.LaunchAsync(world.NewOrder("1") with { ImageExternalId = id })).Instance);
    }

    [Fact]
    public async Task Upload_OfTheSameNameAfterADeletion_Succeeds()
    {
        await using var world = await CreateWorldAsync();
        await using var run = new ProviderRun(world);
        await DeleteAsync(world, run, await UploadAsync(world, run));

        var id = await UploadAsync(world, run);

        Assert.NotNull((await run.LaunchAsync(world.NewOrder("1") with { ImageExternalId = id })).Instance);
    }

    [Fact]
    public async Task DeleteImage_OfTheUnknown_IsSuccess()
    {
        await using var world = await CreateWorldAsync();
        await using var run = new ProviderRun(world);
        var id = await UploadAsync(world, run);

        await DeleteAsync(world, run, id);
        await DeleteAsync(world, run, id);

        Assert.DoesNotContain(await run.ListAsync(), resource => resource.ExternalId == id);
    }

    [Fact]
    public async Task Recover_OfAnUploadThatWasDone_FindsItAgain()
    {
        await using var world = await CreateWorldAsync();
        await using var dead = new ProviderRun(world);
        await using var alive = new ProviderRun(world);
        var id = await UploadAsync(world, dead);

        Assert.Equal(id, await RecoverAsync(world, alive));

        Assert.NotNull((await alive.LaunchAsync(world.NewOrder("1") with { ImageExternalId = id })).Instance);
    }

    [Fact]
    public async Task Recover_OfAnUploadWithOtherMetadata_IsNotFound()
    {
        await using var world = await CreateWorldAsync();
        await using var run = new ProviderRun(world);
        await UploadAsync(world, run);
        var order = world.NewUpload(Name);
        order = order with { Metadata = new([.. order.Metadata, new(ImageMetadata.UploadId, "0000000002")]) };

        Assert.Null(await world.FinishAsync(Images(run).RecoverImageAsync(order, Ct).AsTask()));
    }

    [Fact]
    public async Task Recover_OfAnInterruptedUpload_LeavesAWholeImageOrNone()
    {
        await using var world = await CreateWorldAsync();
        await using var dead = new ProviderRun(world);
        await using var alive = new ProviderRun(world);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var call = Images(dead).UploadImageAsync(world.NewUpload(Name), new Progress<double>(), cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        try
        {
            await world.FinishAsync(call);
        }
        catch (OperationCanceledException)
        {
            // Either is right: the call may have been too fast to be cancelled.
        }

        var id = await RecoverAsync(world, alive);

        Assert.Equal(id is null ? [] : [id], (await alive.ListAsync()).Where(resource => resource.Type == CloudResource.ImageType && resource.Name == Name).Select(resource => resource.ExternalId));
    }

    private static ValueTask<string?> RecoverAsync(IImageProviderWorld world, ProviderRun run) =>
        world.FinishAsync(Images(run).RecoverImageAsync(world.NewUpload(Name), Ct).AsTask());

    private static IImageProvider Images(ProviderRun run) => Assert.IsAssignableFrom<IImageProvider>(run.Provider);

    private static ValueTask<string> UploadAsync(IImageProviderWorld world, ProviderRun run) =>
        world.FinishAsync(Images(run).UploadImageAsync(world.NewUpload(Name), new Progress<double>(), Ct).AsTask());

    private static async Task DeleteAsync(IImageProviderWorld world, ProviderRun run, string id)
    {
        await world.FinishAsync(CallAsync());

        async Task<bool> CallAsync()
        {
            await Images(run).DeleteImageAsync(id, Ct);
            return true;
        }
    }
}
