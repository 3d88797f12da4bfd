using System.Text;
using System.Text.RegularExpressions;
using Nodepool.Core.Collections;
using Nodepool.Core.Images;
using Nodepool.Providers.Processes;

namespace Nodepool.ImageTools;

/// <summary>
/// Builds Debian images with mmdebstrap from the machine's own package mirror: one tree for container nodes (<c>tar</c>) and virtual machines
/// (<c>raw</c>, <c>qcow2</c>). Needs no loop device, no mount on the host, and works without root where user namespaces do.
/// </summary>
/// <remarks>
/// Taken from the diskimage: <c>release</c> (default: the machine's own), <c>packages</c>, <c>username</c>, <c>formats</c>, and of <c>env-vars</c>
/// <c>DIB_IMAGE_SIZE</c> (GiB, default 4) and <c>DIB_DISTRIBUTION_MIRROR</c> (instead of the machine's sources); all of them are in the
/// environment of the build.
/// </remarks>
internal sealed partial class MmdebstrapTool(TimeProvider time, MmdebstrapSettings settings) : IImageTool
{
    private const string MirrorVariable = "DIB_DISTRIBUTION_MIRROR";

    private static readonly string[] KnownFormats = ["qcow2", "raw", "tar"];

    // How apt reaches the mirror from this machine; the rest of its configuration stays out.
    private static readonly string[] NetworkOptions = ["Acquire::http::Proxy", "Acquire::https::Proxy", "Acquire::Check-Valid-Until", "Acquire::Check-Date"];

    private readonly DiskWatch _watch = new(time);

    /// <inheritdoc/>
    public string Name => "mmdebstrap";

    /// <inheritdoc/>
    public async Task<ImageBuildResult> BuildAsync(ImageBuildOrder order, IProgress<string> phase, CancellationToken ct)
    {
        var isDisk = order.Formats.Any(format => format != "tar");
        Validate(order, isDisk);
        var size = DiskPacker.SizeOf(order);
        var release = order.Image.Release.Length > 0 ? order.Image.Release : OwnRelease();
        var sources = SourcesOf(order, release);
        await UserNamespace.RequireAsync(time, ct);
        try
        {
            await using var work = await BuildWork.CreateAsync(order.OutputPath, time, ct);
            _watch.Require(order, settings.RequiredMegabytes);
            await using var scratch = BuildScratch.Create(work, time);
            var step = new BuildStep(order, work, time);
            var bytes = await _watch.RunAsync(order, async token =>
            {
                var tar = await MakeTreeAsync(order, step, work, scratch, release, sources, phase, token);
                if (isDisk)
                    await MakeDisksAsync(order, new DiskPacker(step, work), tar, size, phase, token);
                if (order.Formats.Contains("tar"))
                    ImageOutput.Accept(order, "tar", tar);
            }, ct);
            phase.Report("computing checksums");
            await ImageOutput.AddChecksumsAsync(order, ct);
            return ImageOutput.Result(order) with { DiskBytes = bytes };
        }
        catch (Exception e)
        {
            ImageOutput.Remove(order);
            if (e is IOException fault)
                throw new ImageBuildException(BuildFault.Describe(fault, order, order.OutputPath), fault);
            throw;
        }
    }

    private static void Validate(ImageBuildOrder order, bool isDisk)
    {
        if (order.Formats.Except(KnownFormats).ToList() is { Count: > 0 } others)
            throw new ImageBuildException(
                $"image-tool 'mmdebstrap' makes {string.Join(", ", KnownFormats)}, not {string.Join(", ", others)}; change 'formats' of diskimage '{order.Image.Name}' or use image-tool diskimage-builder");
        if (!UserName().IsMatch(order.Image.Username))
            throw new ImageBuildException($"username '{order.Image.Username}' of diskimage '{order.Image.Name}' is no user name of Linux: small letters, digits, '-' and '_', a letter first");
        if (order.Image.Packages.FirstOrDefault(name => !PackageName().IsMatch(name)) is { } package)
            throw new ImageBuildException($"'{package}' in 'packages' of diskimage '{order.Image.Name}' is no name of a Debian package");
        var programs = new List<string> { "mmdebstrap", "apt-config" };
        if (!Environment.IsPrivilegedProcess)
            programs.AddRange(["unshare", "newuidmap"]);
        if (isDisk)
            programs.AddRange(["tar", "mke2fs"]);
        if (order.Formats.Contains("qcow2"))
            programs.Add("qemu-img");
        ImagePrograms.Require(programs, order.Image.EnvVars.GetValueOrDefault("PATH"));
    }

    private string OwnRelease()
    {
        var line = File.Exists(settings.OsReleaseFile)
            ? File.ReadLines(settings.OsReleaseFile).FirstOrDefault(line => line.StartsWith("VERSION_CODENAME=", StringComparison.Ordinal))
            : null;
        var name = line?.Split('=', 2)[1].Trim('"', '\'', ' ');
        return name is { Length: > 0 } ? name : throw new ImageBuildException($"{settings.OsReleaseFile} names no release; set 'release' of the diskimage, for example bookworm");
    }

    private ValueList<AptSource> SourcesOf(ImageBuildOrder order, string release)
    {
        if (order.Image.EnvVars.TryGetValue(MirrorVariable, out var mirror))
            return [new AptSource(mirror, release, "main", Trusted: false)];
        var sources = AptSources.Read(settings.AptDirectory, release);
        return sources.Count > 0
            ? sources
            : throw new ImageBuildException(
                $"{settings.AptDirectory} has no package source of release '{release}' for diskimage '{order.Image.Name}'; set env-vars: {MirrorVariable} to a mirror that has it, or another 'release'");
    }

    private async Task<string> MakeTreeAsync(
        ImageBuildOrder order, BuildStep step, BuildWork work, BuildScratch scratch, string release, ValueList<AptSource> sources, IProgress<string> phase, CancellationToken ct)
    {
        phase.Report("asking apt for its settings");
        var options = await NetworkOptionsAsync(ct);
        var hook = await scratch.WriteScriptAsync("customize", settings.CustomizeScript, ct);
        var tar = work.PathOf("image.tar");
        var arguments = MmdebstrapCommand.Arguments(settings, order.Image.Packages, options, release, hook, tar, Environment.IsPrivilegedProcess);
        var input = Encoding.UTF8.GetBytes(string.Concat(sources.Select(source => source + "\n")));
        var inTree = new BuildStep(order, work, time)
        {
            Environment = new ValueMap<string>([.. step.Environment, new("TMPDIR", scratch.Root), new("NODEPOOL_USERNAME", order.Image.Username)]),
        };
        await inTree.RunAsync("mmdebstrap", arguments, ct, input, line =>
        {
            if (MmdebstrapCommand.PhaseOf(line) is { } words)
                phase.Report(words);
        });
        return tar;
    }

    private async Task<ValueList<string>> NetworkOptionsAsync(CancellationToken ct)
    {
        var order = new ProcessOrder { Program = "apt-config", Arguments = ["dump", "--format", "%F=%v%n", .. NetworkOptions], CaptureOutput = true };
        var outcome = await ChildProcess.RunAsync(order, time, ct);
        return [.. outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('=', 2))
            .Where(pair => pair.Length == 2 && pair[1].Length > 0 && !pair[1].Contains('"'))
            .Select(pair => $"{pair[0]} \"{pair[1]}\"")];
    }

    private static async Task MakeDisksAsync(ImageBuildOrder order, DiskPacker packer, string tar, long size, IProgress<string> phase, CancellationToken ct)
    {
        var raw = await packer.MakeRawAsync(tar, size, phase, ct);
        if (order.Formats.Contains("qcow2"))
            ImageOutput.Accept(order, "qcow2", await packer.MakeQcow2Async(raw, phase, ct));
        if (order.Formats.Contains("raw"))
            ImageOutput.Accept(order, "raw", raw);
    }

    [GeneratedRegex("^[a-z_][a-z0-9_-]{0,31}$")]
    private static partial Regex UserName();

    [GeneratedRegex("^[a-z0-9][a-z0-9.+-]*(:[a-z0-9]+)?$")]
    private static partial Regex PackageName();
}
