using Nodepool.Core.Model;

namespace Nodepool.Integration.Crash;

/// <summary>The program killed in the middle of image builds; a small program in the place of disk-image-create.</summary>
public sealed class BuildCrashTests(ITestOutputHelper output)
{
    private const int Kills = 3;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Up_KilledDuringBuilds_EndsTheirProcessesAndBuildsAnew()
    {
        await using var bed = await CrashBed.CreateAsync(output);
        var (slow, sign) = (Path.Combine(bed.Root, "slow"), Path.Combine(bed.Root, "sign"));
        var program = Path.Combine(bed.Root, "dib");
        await File.WriteAllTextAsync(program, Script(slow, sign), Ct);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await File.WriteAllTextAsync(slow, "", Ct);
        bed.Configure(Yaml(program));

        for (var round = 1; round <= Kills; round++)
        {
            File.Delete(sign);
            bed.Start();
            await bed.UntilAsync("an end of the builds before", view => Failed(view).Count() == round - 1 || File.Exists(sign));
            Assert.All(Failed(bed.View), record => Assert.Equal((true, "the builder ended in the middle of the build"), (record.Run!.IsInterrupted, record.Failure)));
            await bed.UntilAsync("a build under way", _ => File.Exists(sign));
            await bed.PassAsync(0, 0.5);
            await bed.KillAsync("build");
        }

        File.Delete(slow);
        bed.Start();
        await bed.UntilAsync("an uploaded build", view => view.Images.Values.Any(image =>
            image.ReadyBuilds.Count() == 1 && image.Uploads.Values.Any(upload => upload.Record?.State == ImageState.Ready)));
        await bed.UntilAsync("no process of a dead build", _ => new HostTraces(bed.Root, bed.Root).Left().All(left => left.Contains("nodepool.yaml", StringComparison.Ordinal)));
        await bed.UntilAsync("no files of a dead build", view => Directory.GetFileSystemEntries(Path.Combine(bed.Root, "images")).Select(path => Path.GetFileName(path)!)
            .All(name => name == "builder_id.txt" || name.StartsWith($"debian-{view.Images["debian"].ReadyBuilds.First().Id}.", StringComparison.Ordinal)
                && !name.EndsWith(".work", StringComparison.Ordinal)));
        await bed.OnlyTheLivingHoldAnythingAsync();
        await bed.StopAsync();
        Assert.Empty(new HostTraces(bed.Root, bed.Root).Left());
    }

    private static IEnumerable<ImageBuildRecord> Failed(Core.View.ClusterView view) =>
        view.Images.Values.SelectMany(image => image.Builds.Values).Select(build => build.Record!).Where(record => record.State == ImageState.Failed);

    // One process of the build leaves its session, as some of a real build's do.
    private static string Script(string slow, string sign) =>
        $"""
        #!/bin/sh
        set -e
        echo half >"$DIB_IMAGE_FILENAME.raw"
        if [ -e '{slow}' ]; then setsid --fork sleep 600; echo up >'{sign}'; sleep 600; fi
        echo whole >"$DIB_IMAGE_FILENAME.raw"

        """;

    private static string Yaml(string program) =>
        $"""
        labels:
          - name: small
        diskimages:
          - name: debian
            image-tool: diskimage-builder
            dib-cmd: {program}
            elements: [vm]
        providers:
          - name: cloud
            driver: fake
            image-format: raw
            diskimages:
              - name: debian
            pools:
              - name: main
                max-servers: 2
                labels:
                  - name: small
                    diskimage: debian
                    min-ram: 1024
        """;
}
