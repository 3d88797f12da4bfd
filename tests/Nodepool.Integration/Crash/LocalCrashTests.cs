using Nodepool.Core.Model;
using Nodepool.Core.State;
using Nodepool.Integration.ImageTools;

namespace Nodepool.Integration.Crash;

/// <summary>The program killed at random moments while it imports an image, starts, hands out and deletes real nodes of this host.</summary>
public sealed class LocalCrashTests(DebianImage image, ITestOutputHelper output)
{
    private const string Build = "0123456789abcdef0123456789abcdef";
    private const string Builder = "fedcba9876543210fedcba9876543210";
    private const string Container = "debian-container";
    private const string Vm = "debian-vm";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Up_KilledTwentyTimes_ServesEveryRequestAndLeavesNothingOnTheHost()
    {
        await using var bed = await CrashBed.CreateAsync(output);
        var provider = Path.Combine(bed.Root, "providers", "this-host");
        var traces = new HostTraces(bed.Root, provider);
        var client = new CrashClient(bed);
        await PlaceBuildAsync(bed);
        bed.Configure(Yaml(minReady: 1));

        await KillDuringImportAsync(bed, kills: 4);
        await KillDuringLaunchAsync(bed, traces, kills: 6);
        await KillDuringRequestsAsync(bed, traces, client, kills: 10);
        Assert.Equal(20, bed.Kills);

        bed.Start();
        await client.FinishAsync();
        await bed.UntilAsync("one idle node of each kind and nothing else", view =>
            view.Nodes.ById.Values.All(node => node.Record is { IsIdle: true } && !node.IsLocked)
            && ((string[])[Container, Vm]).All(label => view.Nodes.ById.Values.Any(node => node.Record!.Type[0] == label))
            && view.Requests.IsEmpty);
        traces.Remember(bed.View);
        await bed.OnlyTheLivingHoldAnythingAsync();
        await ImagesAreThoseOfTheRecordsAsync(bed, provider);
        bed.Note($"{client.Asked} requests, {client.Served} served; {traces.Endpoints} addresses and {traces.Groups} control groups were used");
        Assert.Empty(client.Failed);
        Assert.Equal(client.Asked, client.Served);
        Assert.NotEqual(0, traces.Endpoints);
        await bed.StopAsync();

        bed.Configure(Yaml(minReady: 0));
        bed.Start();
        await client.DeleteAllAsync();
        await bed.StopAsync();
        await bed.OnlyTheLivingHoldAnythingAsync();
        await bed.UntilAsync("an end of all that ran", () => Task.FromResult(traces.Left().Count == 0), () => string.Join("; ", traces.Left()));
        await bed.NoRecordsAreLeftAsync();
    }

    private static async Task KillDuringImportAsync(CrashBed bed, int kills)
    {
        for (var i = 0; i < kills; i++)
        {
            bed.Start();
            if (i > 0)
                await bed.UntilAsync("an import", view => view.Images.Values.Any(one => one.Uploads.Values.Any(upload => upload.Record?.State is ImageState.Uploading or ImageState.Ready)));
            await bed.PassAsync(0.2, 4);
            await bed.KillAsync("import");
        }
    }

    private static async Task KillDuringLaunchAsync(CrashBed bed, HostTraces traces, int kills)
    {
        for (var i = 0; i < kills; i++)
        {
            bed.Start();
            if (i == 0)
                await bed.UntilAsync("the first launch", view => view.Nodes.ById.Values.Any(node => node.Record?.State == NodeState.Building));
            await bed.PassAsync(i == 0 ? 0 : 0.2, 3);
            traces.Remember(bed.View);
            await bed.KillAsync("launch");
        }
    }

    private static async Task KillDuringRequestsAsync(CrashBed bed, HostTraces traces, CrashClient client, int kills)
    {
        for (var i = 0; i < kills; i++)
        {
            await client.AskAsync(Container);
            bed.Start();
            if (i % 2 == 1)
                await bed.UntilAsync("a node for the request", view => view.Requests.Values.Any(request => request.Record is { State: RequestState.Fulfilled }));
            else
                await bed.PassAsync(0.5, 2);
            await client.TakeAsync();
            traces.Remember(bed.View);
            if (i % 3 != 0)
                await client.ReturnAsync();
            await bed.PassAsync(0, 2);
            traces.Remember(bed.View);
            await bed.KillAsync("requests and deletions");
        }
    }

    /// <summary>No half image, and no whole one that no record knows.</summary>
    private static Task ImagesAreThoseOfTheRecordsAsync(CrashBed bed, string provider) => bed.UntilAsync("the images of the records and no others", view =>
    {
        var known = view.Images.Values.SelectMany(one => one.Uploads.Values).Where(upload => upload.Record?.State == ImageState.Ready).Select(upload => upload.Record!.ExternalId!);
        return known.Order(StringComparer.Ordinal).SequenceEqual(
            Directory.GetFileSystemEntries(Path.Combine(provider, "images")).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal));
    });

    /// <summary>A finished build as a builder leaves it, so that no test waits for another one.</summary>
    private async Task PlaceBuildAsync(CrashBed bed)
    {
        var images = Directory.CreateDirectory(Path.Combine(bed.Root, "images")).FullName;
        await File.WriteAllTextAsync(Path.Combine(images, "builder_id.txt"), Builder + "\n", Ct);
        foreach (var (format, path) in await image.GetAsync(Ct))
        {
            foreach (var side in (string[])["", ".md5", ".sha256"])
            {
                File.CreateSymbolicLink(Path.Combine(images, $"debian-{Build}.{format}{side}"), path + side);
            }
        }

        var record = new ImageBuildRecord
        {
            State = ImageState.Ready,
            StateTime = CrashBed.Sources.UnixNow,
            Builder = Environment.MachineName,
            BuilderId = Builder,
            Formats = ["qcow2", "tar"],
        };
        await bed.Engine.CommitAsync([new Write.Create(NodepoolPaths.Build("debian", Build), record.Write(), CreateModes.Persistent)], Ct);
    }

    private static string Yaml(int minReady) =>
        $"""
        labels:
          - name: {Container}
            min-ready: {minReady}
          - name: {Vm}
            min-ready: {minReady}
        diskimages:
          - name: debian
            image-tool: mmdebstrap
        providers:
          - name: this-host
            driver: local
            address-base: 127.79.{Environment.ProcessId % 250}.0/24
            diskimages:
              - name: debian
            pools:
              - name: main
                max-servers: 6
                labels:
                  - name: {Container}
                    diskimage: debian
                    kind: container
                    memory: 128
                  - name: {Vm}
                    diskimage: debian
                    kind: vm
                    memory: 384
        """;
}
