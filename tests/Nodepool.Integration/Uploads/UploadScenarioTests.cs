using Nodepool.Core.Model;
using Nodepool.Core.View;
using Nodepool.Integration.Cli;
using Nodepool.Integration.Crash;

namespace Nodepool.Integration.Uploads;

/// <summary>
/// The life of an image at two providers with the real program and its commands; a small program in the place of disk-image-create, clouds that outlive
/// the program.
/// </summary>
public sealed class UploadScenarioTests(ITestOutputHelper output)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Image_BuiltUploadedSupersededRevertedDeleted_AsTheCommandsSay()
    {
        await using var bed = await CrashBed.CreateAsync(output);
        await ConfigureAsync(bed);
        bed.Start();
        await bed.UntilAsync("the first build at both", view => IsInUse(view, "alpha", 1) && IsInUse(view, "beta", 1));
        var first = bed.View.Image("debian").ReadyBuilds.Single().Id;
        await bed.UntilAsync("a node of it", view => view.Nodes.ById.Values.Any(node => node.Record is { State: NodeState.Ready } record && record.ImageId!.Contains(first, StringComparison.Ordinal)));
        Assert.Equal(["alpha", "beta"], Hooked(bed).Select(line => line.Split(' ')[0]).Order(StringComparer.Ordinal));
        Assert.All(Hooked(bed), line => Assert.Matches($"^[a-z]+ [^ ]+ .*/debian-{first}\\.raw$", line));

        await RunAsync(bed, "image-build", "debian");
        await bed.UntilAsync("a second build at both", view => IsInUse(view, "alpha", 2) && IsInUse(view, "beta", 2));
        var second = bed.View.Image("debian").ReadyBuilds.First().Id;
        var bad = bed.View.Image("debian").NewestReadyUpload("alpha")!;

        var said = await RunAsync(bed, "image-delete", "--provider", "alpha", "--image", "debian", "--build-id", second, "--upload-id", bad.Id);
        Assert.Contains($"new nodes there boot from build {first}", said, StringComparison.Ordinal);
        Assert.Contains($"build {second} is not uploaded there again", said, StringComparison.Ordinal);
        await bed.UntilAsync("the upload is gone, the other provider's stays", view => !view.Image("debian").Uploads.ContainsKey(bad.Path)
            && view.Image("debian").NewestReadyUpload("alpha")!.Build == first && view.Image("debian").NewestReadyUpload("beta")!.Build == second);

        // Also a builder that begins anew leaves it at that.
        await bed.KillAsync("after the revert");
        bed.Start();
        await bed.UntilAsync("the program is back", view => view.Components.Values.Any(component => component.Kind == "builder"));
        await bed.PassAsync(2, 3);
        Assert.Equal(first, bed.View.Image("debian").NewestReadyUpload("alpha")!.Build);
        Assert.Contains($"alpha: build {second} is withdrawn: deleted by command", await RunAsync(bed, "image-status", "-o", "wide"), StringComparison.Ordinal);

        await RunAsync(bed, "image-upload", "debian", "--provider", "alpha");
        await bed.UntilAsync("it is there after all", view => view.Image("debian").NewestReadyUpload("alpha")!.Build == second);

        said = await RunAsync(bed, "dib-image-delete", $"debian-{second}");
        Assert.Contains($"new nodes at alpha boot from build {first}", said, StringComparison.Ordinal);
        await bed.UntilAsync("nothing of the second build is left", view => !view.Image("debian").Builds.ContainsKey(second)
            && Directory.GetFiles(Path.Combine(bed.Root, "images"), $"debian-{second}*").Length == 0);
        await bed.StopAsync();
    }

    [Fact]
    public async Task Upload_WhoseBuilderIsKilled_SaysSoInTheLists_AndIsRepeated()
    {
        await using var bed = await CrashBed.CreateAsync(output);
        await ConfigureAsync(bed, "upload-latency: 600");
        for (var kill = 1; kill <= 2; kill++)
        {
            bed.Start();
            await bed.UntilAsync("uploads under way, those before declared failed", view => Count(view, ImageState.Uploading) == 2 && Count(view, ImageState.Failed) == 2 * (kill - 1));
            await bed.KillAsync("upload");
        }

        bed.Start();
        await bed.UntilAsync("uploads declared failed", view => Count(view, ImageState.Failed) == 4);
        Assert.Contains("the builder ended in the middle of the upload", await RunAsync(bed, "image-list", "-o", "wide"), StringComparison.Ordinal);
        Assert.All(bed.View.Image("debian").Uploads.Values, upload => Assert.Equal(1, upload.Record!.Attempt));
        await bed.UntilAsync("uploads under way again", view => Count(view, ImageState.Uploading) == 2);

        await bed.StopAsync();
        Assert.Equal(2, bed.View.Image("debian").Uploads.Values.Count(upload => upload.Record!.Failure == "the builder was stopped in the middle of the upload"));
        await ConfigureAsync(bed);
        bed.Start();
        await bed.UntilAsync("both have it, and nothing else is left", view => view.Image("debian").Uploads.Values.Select(upload => upload.Record!.State).SequenceEqual([ImageState.Ready, ImageState.Ready]));
        await bed.StopAsync();
    }

    private static int Count(ClusterView view, ImageState state) => view.Image("debian").Uploads.Values.Count(upload => upload.Record?.State == state);

    private static bool IsInUse(ClusterView view, string provider, int builds) =>
        view.Image("debian").ReadyBuilds.ToList() is var ready && ready.Count == builds && view.Image("debian").NewestReadyUpload(provider)?.Build == ready[0].Id;

    private static string[] Hooked(CrashBed bed) => File.ReadAllLines(Path.Combine(bed.Root, "hooked"));

    private static async Task<string> RunAsync(CrashBed bed, params string[] arguments)
    {
        var (status, said, error) = await NodepoolProcess.RunAsync(["-c", bed.Config, .. arguments]);
        bed.Note($"nodepool {string.Join(' ', arguments)}: {said}{error}");
        Assert.True(status == 0, error);
        return said;
    }

    private static async Task ConfigureAsync(CrashBed bed, string more = "")
    {
        await WriteProgramAsync(bed, "dib", """date +%N >"$DIB_IMAGE_FILENAME.raw" """);
        await WriteProgramAsync(bed, "hook", $"""echo "$@" >>'{bed.Root}/hooked' """);
        bed.Configure(
            $"""
            labels:
              - name: small
                min-ready: 1
            diskimages:
              - name: debian
                dib-cmd: {bed.Root}/dib
                elements: [vm]
                rebuild-age: 86400
            providers:
            {Provider(bed, "alpha", more)}
            {Provider(bed, "beta", more)}
            """);
    }

    private static string Provider(CrashBed bed, string name, string more) =>
        $"""
          - name: {name}
            driver: fake
            image-format: raw
            instances-file: {bed.Root}/{name}.json
            post-upload-hook: {bed.Root}/hook
            {more}
            diskimages:
              - name: debian
            pools:
              - name: main
                max-servers: 2
                labels:
                  - name: small
                    diskimage: debian
                    min-ram: 1024
                    host-key-checking: no
        """;

    private static async Task WriteProgramAsync(CrashBed bed, string name, string script)
    {
        var path = Path.Combine(bed.Root, name);
        await File.WriteAllTextAsync(path, $"#!/bin/sh\nset -e\n{script}\n", Ct);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
