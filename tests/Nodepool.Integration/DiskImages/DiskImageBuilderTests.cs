using Nodepool.Core.Model;
using Nodepool.ImageTools;
using Nodepool.Integration.Crash;

namespace Nodepool.Integration.DiskImages;

/// <summary>An image of the real diskimage-builder through its whole life, seen by an operator with the commands of the program.</summary>
public sealed class DiskImageBuilderTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Image_FromItsFirstBuildToItsDeletion()
    {
        await using var bed = await DiskImageBed.CreateAsync(output);
        await TellsWhyAnElementFailsAsync(bed);
        await LeavesNothingOfAKilledBuildAsync(bed);

        var first = await bed.UploadedAsync(builds: 1);
        await IsListedAsync(bed, first);
        Assert.Equal(first, await bed.BuildOfNewNodeAsync(DiskImageBed.Here));
        Assert.Equal(first, await bed.BuildOfNewNodeAsync(DiskImageBed.There));

        var log = await bed.RunAsync("image-build", DiskImageBed.Image, "--follow");
        Assert.Contains("| Build completed successfully", log, StringComparison.Ordinal);
        var second = await bed.UploadedAsync(builds: 2);
        Assert.NotEqual(first, second);
        Assert.Equal(second, await bed.BuildOfNewNodeAsync(DiskImageBed.Here));

        await bed.RunAsync("image-pause", DiskImageBed.Image);
        await IsRevertedAsync(bed, first, second);
        await IsDeletedAsync(bed, first, second);
        await bed.Program.StopAsync();
        Assert.Empty(new HostTraces(bed.Program.Root, bed.Program.Root).Left());
        Assert.Empty(LoopDevices.Below(bed.Program.Root));
    }

    private static async Task TellsWhyAnElementFailsAsync(DiskImageBed bed)
    {
        bed.Configure(DiskImageBed.BrokenImage);
        bed.Program.Start();
        await bed.Program.UntilAsync("a failed build", view => view.Image(DiskImageBed.BrokenImage).Builds.Values.Any(build => build.Record?.State == ImageState.Failed));

        var row = (await bed.ListAsync("dib-image-list"))[^1];
        Assert.Equal("element broken, root.d/01-vendor-key", (string?)row["failed_in"]);
        Assert.StartsWith("disk-image-create failed with exit status 1: the key of the vendor is missing; the log is ", (string?)row["failure"], StringComparison.Ordinal);
        Assert.Equal(["the key of the vendor is missing"], row["last_lines"]!.AsArray().Select(line => (string?)line));
    }

    /// <summary>The moment in which most is there to be left: a loop device, mounts, and a copy that sudo runs.</summary>
    private static async Task LeavesNothingOfAKilledBuildAsync(DiskImageBed bed)
    {
        bed.Configure(DiskImageBed.Image);
        await bed.UntilAsync("a disk that is being made", image => image.Builds.Values.Any(build => build.Record is { State: ImageState.Building, Run.LastPhase: "making the disk" })
            && LoopDevices.Below(bed.Images).Count > 0 && Mounts.Below(bed.Images).Count > 0);
        Assert.True(bed.Program.View.Image(DiskImageBed.BrokenImage).Builds.IsEmpty, "what is no longer in the file is no longer in the records");
        var dead = (await bed.ListAsync("dib-image-list")).Single();
        Assert.Equal(("building", "making the disk"), ((string?)dead["state"], (string?)dead["phase"]));
        await bed.Program.KillAsync("making the disk");

        bed.Program.Start();
        await bed.UntilAsync("the next build", image => image.Builds.Values.Any(build => build.Record is { State: ImageState.Building, Run.LastPhase: not null } && !IsDead(build.Id)));
        var work = Path.Combine(bed.Images, $"{(string?)dead["id"]}.work");
        Assert.True(bed.Stored.Builds.Values.Single(build => IsDead(build.Id)).Record!.Run!.IsInterrupted);

        // The next build and what cleans up after the dead one run side by side.
        await bed.UntilAsync("no process, mount or loop device of the dead build", _ => new HostTraces(work, work).Left().Count == 0 && LoopDevices.Below(work).Count == 0);
        await bed.UntilAsync("no file of the dead build", _ => !bed.Files().Any(name => name.StartsWith((string)dead["id"]!, StringComparison.Ordinal)));

        bool IsDead(string build) => $"{DiskImageBed.Image}-{build}" == (string?)dead["id"];
    }

    private static async Task IsListedAsync(DiskImageBed bed, string build)
    {
        var row = (await bed.ListAsync("dib-image-list")).Single(row => (string?)row["state"] == "ready");
        Assert.Equal($"{DiskImageBed.Image}-{build}", (string?)row["id"]);
        Assert.Equal(["qcow2", "tar"], row["formats"]!.AsArray().Select(format => (string?)format));
        Assert.Equal(
            [
                "starting diskimage-builder", "collecting elements", "root.d", "extra-data.d", "pre-install.d", "install.d", "post-install.d", "making the disk",
                "finalise.d", "cleanup.d", "converting", "computing checksums",
            ],
            bed.Stored.Builds[build].Record!.Run!.Phases.Select(phase => phase.Name));
        var uploads = await bed.ListAsync("image-list");
        Assert.Equal([DiskImageBed.Here, DiskImageBed.There], uploads.Select(upload => (string?)upload["provider"]));
        Assert.All(uploads, upload => Assert.Equal((build, "ready"), ((string?)upload["id"], (string?)upload["state"])));
    }

    private static async Task IsRevertedAsync(DiskImageBed bed, string first, string second)
    {
        var upload = bed.Stored.NewestReadyUpload(DiskImageBed.Here)!;
        await bed.RunAsync("image-delete", "--provider", DiskImageBed.Here, "--image", DiskImageBed.Image, "--build-id", second, "--upload-id", upload.Id);

        Assert.Equal(first, await bed.BuildOfNewNodeAsync(DiskImageBed.Here));
        Assert.Equal(second, await bed.BuildOfNewNodeAsync(DiskImageBed.There));
        await bed.UntilAsync("its end at the one provider", image => image.Uploads.Values.Count(other => other.Build == second) == 1);
    }

    private static async Task IsDeletedAsync(DiskImageBed bed, string first, string second)
    {
        await bed.RunAsync("dib-image-delete", $"{DiskImageBed.Image}-{second}");
        Assert.Equal(first, await bed.BuildOfNewNodeAsync(DiskImageBed.There));
        await bed.UntilAsync("nothing of the second build", image => !image.Builds.ContainsKey(second) && !bed.Files().Any(name => name.Contains(second[..8], StringComparison.Ordinal)));
        Assert.Equal(2, bed.Stored.Uploads.Count);

        await bed.RunAsync("dib-image-delete", $"{DiskImageBed.Image}-{first}");
        await bed.UntilAsync("nothing of the first build", image => image.ReadyBuilds.Count() + image.Uploads.Count + bed.Files().Count == 0);
        Assert.Empty(await bed.ListAsync("image-list"));
    }
}
