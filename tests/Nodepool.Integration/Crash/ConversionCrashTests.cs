using Nodepool.Core.Model;
using Nodepool.Core.View;
using Nodepool.Providers.Processes;

namespace Nodepool.Integration.Crash;

/// <summary>The program killed while it makes a format that a finished build lacks, with the real qemu-img, which is only slowed down.</summary>
public sealed class ConversionCrashTests(ITestOutputHelper output)
{
    private const int Kills = 2;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Up_KilledDuringAConversion_ConvertsAnew_AndLeavesNothingHalf()
    {
        var real = Programs.Find("qemu-img");
        Assert.SkipWhen(real is null, "qemu-img is not installed.");
        await using var bed = await CrashBed.CreateAsync(output);
        var (slow, sign, bin) = (Path.Combine(bed.Root, "slow"), Path.Combine(bed.Root, "sign"), Path.Combine(bed.Root, "bin"));
        Directory.CreateDirectory(bin);
        Script(Path.Combine(bin, "qemu-img"), $"for last; do :; done\nif [ -e '{slow}' ]; then echo half >\"$last\"; echo up >'{sign}'; sleep 600; fi\nexec {real} \"$@\"");
        var dib = Script(Path.Combine(bed.Root, "dib"), "truncate -s 8M \"$DIB_IMAGE_FILENAME.raw\"; echo in the middle | dd of=\"$DIB_IMAGE_FILENAME.raw\" bs=1M seek=3 conv=notrunc status=none");
        bed.Environment = [("PATH", $"{bin}:{Environment.GetEnvironmentVariable("PATH")}")];
        await File.WriteAllTextAsync(slow, "", Ct);
        bed.Configure(Yaml(dib, "raw"));
        bed.Start();
        await bed.UntilAsync("an uploaded build", view => view.Images.Values.Any(image => image.Uploads.Values.Any(upload => upload.Record?.State == ImageState.Ready)));
        var build = Build(bed.View);

        bed.Configure(Yaml(dib, "raw, qcow2"));
        for (var kill = 1; kill <= Kills; kill++)
        {
            await bed.UntilAsync("a conversion under way", _ => File.Exists(sign));
            File.Delete(sign);
            await bed.KillAsync("conversion");
            bed.Start();
        }

        await bed.UntilAsync("another conversion under way", _ => File.Exists(sign));
        await bed.KillAsync("conversion");
        File.Delete(slow);
        bed.Start();
        await bed.UntilAsync("both formats", view => Build(view).Record!.Formats.Count == 2);

        Assert.Equal((build.Id, build.Record!.StateTime), (Build(bed.View).Id, Build(bed.View).Record!.StateTime));
        var files = Path.Combine(bed.Root, "images", $"debian-{build.Id}");
        var compared = await ChildProcess.RunAsync(
            new ProcessOrder { Program = real!, Arguments = ["compare", "-f", "raw", "-F", "qcow2", files + ".raw", files + ".qcow2"], CaptureOutput = true }, TimeProvider.System, Ct);
        Assert.True(compared.ExitCode == 0, compared.Output);
        Assert.Equal(
            [".build", ".qcow2", ".qcow2.md5", ".qcow2.sha256", ".raw", ".raw.md5", ".raw.sha256"],
            Directory.GetFileSystemEntries(Path.Combine(bed.Root, "images")).Where(path => path.StartsWith(files, StringComparison.Ordinal)).Select(path => path[files.Length..]).Order(StringComparer.Ordinal));
        await bed.UntilAsync("no process of a dead conversion", _ => new HostTraces(bed.Root, bed.Root).Left().All(left => left.Contains("nodepool.yaml", StringComparison.Ordinal)));
        await bed.OnlyTheLivingHoldAnythingAsync();
        await bed.StopAsync();
        Assert.Empty(new HostTraces(bed.Root, bed.Root).Left());
    }

    private static BuildView Build(ClusterView view) => Assert.Single(view.Images["debian"].Builds.Values);

    private static string Script(string path, string text)
    {
        File.WriteAllText(path, $"#!/bin/sh\nset -e\n{text}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    private static string Yaml(string program, string formats) =>
        $"""
        diskimages:
          - name: debian
            dib-cmd: {program}
            elements: [vm]
            formats: [{formats}]
        providers:
          - name: cloud
            driver: fake
            image-format: raw
            diskimages:
              - name: debian
        """;
}
