using Nodepool.Core.Providers;
using Nodepool.Testing.OpenStackLab;

namespace Nodepool.Integration.OpenStack;

/// <summary>What is not ours: in another project, and in ours.</summary>
public sealed class ForeignServersTests(ITestOutputHelper output)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OtherProject_WithLookAlikeMetadata_IsNeverTouched_WhileOurLeaksGo()
    {
        await using var bed = await CloudBed.CreateAsync(output);
        await using var other = await bed.Lab.CreateProjectAsync(Ct);
        var (theirImage, theirServer) = await PlantAsync(other, LookAlike);
        var (_, foreignServer) = await PlantAsync(bed.Project, new Dictionary<string, string> { [NodeMetadata.ProviderName] = "elsewhere", [NodeMetadata.NodeId] = "0000000007" });
        var (_, plainServer) = await PlantAsync(bed.Project, new Dictionary<string, string> { ["made_by"] = "somebody" });
        var (leakedImage, leakedServer) = await PlantAsync(bed.Project, LookAlike);
        // As Nodepool 0.x wrote it.
        var (_, oldLeak) = await PlantAsync(bed.Project, new Dictionary<string, string> { ["nodepool"] = $$"""{"provider_name":"{{CloudBed.Provider}}","node_id":123,"image_name":"debian"}""" });

        bed.Configure(new CloudSetup { MinReady = 1 });
        bed.Program.Start();
        await bed.ReadyAsync(1);
        await bed.Program.UntilAsync("our leaks are gone", async () =>
            (await bed.Project.ServersAsync(Ct)).All(server => server.Id != leakedServer && server.Id != oldLeak) && (await bed.Project.ImagesAsync(Ct)).All(image => image.Id != leakedImage));

        var ours = (await bed.Project.ServersAsync(Ct)).Select(server => server.Id).ToList();
        Assert.Contains(foreignServer, ours);
        Assert.Contains(plainServer, ours);
        Assert.Equal(theirServer, Assert.Single(await other.ServersAsync(Ct)).Id);
        Assert.Equal(theirImage, Assert.Single(await other.ImagesAsync(Ct)).Id);

        await using var aliens = Cli.NodepoolProcess.Start(Cli.NodepoolProcess.Program, bed.Program.Environment, "-c", bed.Program.Config, "alien-list", "-o", "csv");
        Assert.True(await aliens.EndAsync() == 0, aliens.Error);
        Assert.Contains(foreignServer, aliens.Out, StringComparison.Ordinal);
        Assert.Contains(plainServer, aliens.Out, StringComparison.Ordinal);
        Assert.DoesNotContain(theirServer, aliens.Out, StringComparison.Ordinal);
        Assert.DoesNotContain(Assert.Single(bed.Idle).Record!.ExternalId.AsText()!, aliens.Out, StringComparison.Ordinal);
        await bed.Program.StopAsync();
    }

    private static Dictionary<string, string> LookAlike => new()
    {
        [NodeMetadata.ProviderName] = CloudBed.Provider,
        [NodeMetadata.NodeId] = "0000000042",
        [NodeMetadata.ImageName] = CloudBed.Image,
        [ImageMetadata.BuildId] = "00000000000000000000000000000042",
        [ImageMetadata.UploadId] = "0000000042",
    };

    private static async Task<(string Image, string Server)> PlantAsync(LabProject project, Dictionary<string, string> metadata)
    {
        var image = await project.CreateImageAsync("debian-1", metadata, Ct);
        return (image, await project.CreateServerAsync("np0000000042", image, metadata, Ct));
    }
}
