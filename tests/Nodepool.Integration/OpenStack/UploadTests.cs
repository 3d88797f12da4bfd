using Nodepool.Core.Model;
using Nodepool.Core.Operations;
using Nodepool.Testing.OpenStackLab;

namespace Nodepool.Integration.OpenStack;

/// <summary>Images from the builder to Glance, and which of them nodes are made from.</summary>
public sealed class UploadTests(ITestOutputHelper output)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NewerImage_IsUsedAtOnce_AndItsDeletionBringsThePreviousBack()
    {
        await using var bed = await CloudBed.CreateAsync(output);
        bed.Configure(new CloudSetup { MinReady = 0 });
        bed.Program.Start();
        await bed.ReadyAsync(0);
        var first = Assert.Single(bed.Uploads).Record!.ExternalId!;
        Assert.Equal(first, await ImageOfANewNodeAsync(bed));

        var actions = new ImageActions(bed.Program.Engine, Crash.CrashBed.Sources);
        await new BuildRequests(bed.Program.Engine).SubmitAsync(CloudBed.Image, Ct);
        await bed.Program.UntilAsync("the newer upload", _ => bed.Uploads.Count(upload => upload.Record?.State == ImageState.Ready) == 2);
        var second = Assert.Single(bed.Uploads, upload => upload.Record!.ExternalId != first);
        Assert.Equal(second.Record!.ExternalId, await ImageOfANewNodeAsync(bed));

        await actions.DeleteUploadAsync(CloudBed.Image, second.Build, CloudBed.Provider, second.Id, Ct);
        Assert.Equal(first, await ImageOfANewNodeAsync(bed));
        await bed.Program.UntilAsync("the image is gone", async () => (await bed.Project.ImagesAsync(Ct)).All(image => image.Id != second.Record.ExternalId));
        await bed.Program.StopAsync();
    }

    [Fact]
    public async Task Up_KilledDuringAnUpload_LeavesNoHalfImage()
    {
        await using var bed = await CloudBed.CreateAsync(output, isProxied: true);
        bed.Proxy!.Script(call => call is { Service: "image", Method: "PUT" } ? CloudFault.Delay : CloudFault.None);
        bed.Configure(new CloudSetup { MinReady = 0 });
        bed.Program.Start();
        await bed.Program.UntilAsync("an image that is not whole", async () => (await bed.Project.ImagesAsync(Ct)).Any(image => image.Status != "active"));
        await bed.Program.KillAsync("upload");
        bed.Proxy.Script(_ => CloudFault.None);

        bed.Program.Start();

        await bed.ReadyAsync(0);
        await bed.NothingLeaksAsync();
        Assert.All(await bed.Project.ImagesAsync(Ct), image => Assert.Equal("active", image.Status));
        await bed.Program.StopAsync();
    }

    [Fact]
    public async Task Upload_ToACloudThatFailsOneCallInFour_LeavesNoImageButThatOfTheRecord()
    {
        await using var bed = await CloudBed.CreateAsync(output, isProxied: true);
        bed.FailOneCallInFour();
        bed.Configure(new CloudSetup { MinReady = 0 });
        bed.Program.Start();
        await bed.ReadyAsync(0);

        bed.Proxy!.Script(_ => CloudFault.None);

        await bed.NothingLeaksAsync();
        await bed.Program.StopAsync();
    }

    /// <summary>Asks for a node, gives it back, and tells of which image it was.</summary>
    private static async Task<string?> ImageOfANewNodeAsync(CloudBed bed)
    {
        await bed.Client.AskAsync(CloudBed.Label);
        await bed.Program.UntilAsync("a node", view => view.Nodes.ById.Values.Any(node => node.Record is { State: NodeState.Ready }));
        var image = Assert.Single(await bed.Project.ServersAsync(Ct)).ImageId;
        await bed.Client.FinishAsync();
        await bed.Program.UntilAsync("it is gone", view => view.Nodes.ById.IsEmpty);
        return image;
    }
}
