using System.Text.Json.Nodes;
using Nodepool.Core.Model;
using Nodepool.Core.View;
using Nodepool.ImageTools;
using Nodepool.Integration.Cli;
using Nodepool.Integration.Crash;
using Nodepool.Providers.Processes;

namespace Nodepool.Integration.DiskImages;

/// <summary>
/// The built program with a configuration whose image the real diskimage-builder makes, from the mirror of this machine, and two providers that start
/// containers from it. Everything that diskimage-builder keeps between builds is in the bed's directory.
/// </summary>
internal sealed class DiskImageBed : IAsyncDisposable
{
    public const string Image = "debian";
    public const string BrokenImage = "broken";
    public const string Here = "here";
    public const string There = "there";

    // All that the elements would install one after the other, so that builds after the first take it from the cache.
    private const string BaseTree = "--include=systemd-sysv,busybox,sudo,gnupg2,python3,openssh-server,adduser,ca-certificates,locales,netbase";

    // The first build takes a minute of an idle machine, the others twenty seconds each; nothing is idle where tests run.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly string _release = File.ReadLines("/etc/os-release").First(line => line.StartsWith("VERSION_CODENAME=", StringComparison.Ordinal)).Split('=')[1];

    private DiskImageBed(CrashBed program) => Program = program;

    public CrashBed Program { get; }

    public string Images => Path.Combine(Program.Root, "images");

    public ImageView Stored => Program.View.Image(Image);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Makes it; starts no program. Skips the test for other users than root.</summary>
    public static async Task<DiskImageBed> CreateAsync(ITestOutputHelper output)
    {
        if (!Environment.IsPrivilegedProcess)
            Assert.Skip("diskimage-builder mounts file systems and takes a loop device: that needs root.");
        return new DiskImageBed(await CrashBed.CreateAsync(output, Patience));
    }

    /// <summary>Writes the configuration file: with the image that works, or only with the one whose element fails.</summary>
    public void Configure(string image)
    {
        var sources = AptSources.Read("/etc/apt", _release);
        Assert.True(sources.Count > 0, $"/etc/apt has no package source of {_release}: nothing to build an image from");
        var main = sources.First(source => source.Suite == _release);
        Program.Configure(
            $"""
            elements-dir: {Path.Combine(AppContext.BaseDirectory, "DiskImages", "elements")}
            labels:
              - name: {Here}
              - name: {There}
            diskimages:
              - name: {image}
                # Without the element 'base', and without compression.
                dib-cmd: disk-image-create -n -u
                elements: {(image == Image ? "[debian-minimal, openssh-server, devuser, no-kernel]" : "[broken]")}
                release: {_release}
                env-vars:
                  DIB_DISTRIBUTION_MIRROR: {main.Uri}
                  DIB_APT_SOURCES_CONF: |
            {string.Join('\n', sources.Select((source, at) => $"        source{at}:{source}"))}
                  DIB_DEBOOTSTRAP_EXTRA_ARGS: {BaseTree}{(main.Trusted ? " --no-check-gpg" : "")}
                  DIB_DEBOOTSTRAP_CACHE: '1'
                  DIB_DEBIAN_USE_DEBOOTSTRAP_CACHE: '1'
                  DIB_IMAGE_CACHE: {Program.Root}/cache
                  DIB_LOCKFILES: {Program.Root}/locks
                  DIB_DEV_USER_USERNAME: zuul
                  DIB_DEV_USER_PWDLESS_SUDO: 'yes'
            providers:
            {Provider(Here, image, 83)}
            {Provider(There, image, 84)}
            """);
    }

    /// <summary>Waits until the records are so, and fails at once when a build fails for another reason than that its builder was killed.</summary>
    public Task UntilAsync(string what, Func<ImageView, bool> isSo) => Program.UntilAsync(what, _ =>
    {
        var failed = Stored.Builds.Values.Select(build => build.Record).FirstOrDefault(record => record is { State: ImageState.Failed, Run.IsInterrupted: false });
        Assert.True(failed is null, $"the build failed in {failed?.Run?.FailedIn}: {failed?.Failure}\n{failed?.Run?.LastLines}");
        return isSo(Stored);
    });

    /// <summary>Waits until both providers have the newest build, of which there must be so many.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> UploadedAsync(int builds)
    {
        await UntilAsync($"{builds} builds at both providers", image => image.ReadyBuilds.Count() == builds
            && ((string[])[Here, There]).All(provider => image.NewestReadyUpload(provider)?.Build == image.ReadyBuilds.First().Id));
        return Stored.ReadyBuilds.First().Id;
    }

    /// <summary>Runs a command and expects it to do what it is told.</summary>
    /// <returns>What it wrote to standard output.</returns>
    public async Task<string> RunAsync(params string[] arguments)
    {
        await using var process = NodepoolProcess.Start(NodepoolProcess.Program, ["-c", Program.Config, .. arguments]);
        var status = await process.EndAsync(Patience);
        Assert.True(status == 0, $"nodepool {string.Join(' ', arguments)}: status {status}\n{process.Error}\n{process.Out}");
        return process.Out;
    }

    /// <summary>The rows of a list.</summary>
    public async Task<IReadOnlyList<JsonNode>> ListAsync(string verb) => [.. JsonNode.Parse(await RunAsync(verb, "-o", "json"))!.AsArray().OfType<JsonNode>()];

    /// <summary>Asks for a node as people do, logs in with the command that the answer tells, and gives it back.</summary>
    /// <returns>The build that its image says it is of; the node's record said the same.</returns>
    public async Task<string> BuildOfNewNodeAsync(string label)
    {
        var answer = (await RunAsync("request", "--wait", label)).Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var node = answer[0];
        await Program.UntilAsync("the node in the view", view => view.Nodes.ById.ContainsKey(node));
        var upload = Stored.Uploads.GetValueOrDefault(Program.View.Nodes.ById[node].Record!.ImageId!);
        var login = new ProcessOrder
        {
            Program = answer[1],
            Arguments =
            [
                "-o", "BatchMode=yes", "-o", "UserKnownHostsFile=" + Path.Combine(Program.Root, "known_hosts"), .. answer[2..],
                // What diskimage-builder was called with is in every image of it.
                "sudo cat /etc/dib-manifests/dib_arguments",
            ],
            CaptureOutput = true,
        };
        var outcome = await ChildProcess.RunAsync(login, TimeProvider.System, Ct);
        Assert.True(outcome.ExitCode == 0, $"{string.Join(' ', answer)}: {outcome.LastLines}");
        await RunAsync("return", node);
        Assert.Contains($" -o {Images}/{Image}-{upload?.Build} ", outcome.Output, StringComparison.Ordinal);
        return upload!.Build;
    }

    /// <summary>What the file systems of this machine hold of images: names below the builder's directory and those of the two providers.</summary>
    public IReadOnlyList<string> Files() =>
    [
        .. ((string[])[Images, .. ((string[])[Here, There]).Select(provider => Path.Combine(Program.Root, "providers", provider, "images"))])
            .Where(Directory.Exists).SelectMany(Directory.GetFileSystemEntries).Select(path => Path.GetFileName(path)).Where(name => name != "builder_id.txt"),
    ];

    public ValueTask DisposeAsync() => Program.DisposeAsync();

    private static string Provider(string name, string image, int network) =>
        $"""
          - name: {name}
            driver: local
            address-base: 127.{network}.{Environment.ProcessId % 250}.0/24
            diskimages:
              - name: {image}
            pools:
              - name: main
                max-servers: 2
                labels:
                  - name: {name}
                    diskimage: {image}
                    kind: container
                    memory: 128
        """;
}
