using System.Globalization;
using Nodepool.Core.Collections;
using Nodepool.Integration.Providers.Local;
using Nodepool.Providers.Local;
using Nodepool.Providers.Processes;

[assembly: AssemblyFixture(typeof(LocalImageFixture))]

namespace Nodepool.Integration.Providers.Local;

/// <summary>
/// A small real image for container nodes, built once per run when the first test asks for it: Debian's essential packages, OpenSSH and sudo,
/// with the login user <c>zuul</c>. <c>NODEPOOL_TEST_TREE</c> may name a finished tar to save the time.
/// </summary>
public sealed class LocalImageFixture : IAsyncLifetime
{
    public const string TarVariable = "NODEPOOL_TEST_TREE";

    private const string Customize =
        """
        chroot "$1" useradd -m -s /bin/bash -U zuul
        echo 'zuul ALL=(ALL) NOPASSWD:ALL' >"$1/etc/sudoers.d/zuul"
        chmod 0440 "$1/etc/sudoers.d/zuul"
        rm -f "$1"/etc/ssh/ssh_host_*
        """;

    private readonly Lazy<string> _root = new(MakeRoot);
    private readonly Lazy<Task<string>> _tar;
    private readonly Lazy<Task<LocalImage>> _image;

    public LocalImageFixture()
    {
        _tar = new(BuildTarAsync);
        _image = new(ExtractAsync);
    }

    /// <summary>Where everything of the fixture is; readable by all; made when first asked for.</summary>
    public string Root => _root.Value;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>The tree as a tar, with the owners as numbers.</summary>
    public Task<string> TarAsync() => _tar.Value;

    /// <summary>The image extracted by the user who runs the tests: in its user namespace when that is not root.</summary>
    internal Task<LocalImage> ImageAsync() => _image.Value;

    public async ValueTask DisposeAsync()
    {
        if (_root.IsValueCreated)
            await RunAsync([.. Namespace, "rm", "-rf", "--one-file-system", Root]);
    }

    internal static async Task RunAsync(params ValueList<string> command)
    {
        var order = new ProcessOrder { Program = command[0], Arguments = [.. command.Skip(1)] };
        var outcome = await ChildProcess.RunAsync(order, TimeProvider.System, CancellationToken.None);
        Assert.True(outcome.ExitCode == 0, $"{string.Join(' ', command)}: {outcome.ExitCode}: {outcome.LastLines}");
    }

    private static ValueList<string> Namespace => Environment.IsPrivilegedProcess ? [] : ["unshare", "--user", "--map-root-user", "--map-auto", "--"];

    private static string MakeRoot()
    {
        var root = Directory.CreateTempSubdirectory("nodepool-image-").FullName;
        File.SetUnixFileMode(root, (UnixFileMode)Convert.ToInt32("755", 8));
        return root;
    }

    private async Task<string> BuildTarAsync()
    {
        if (Environment.GetEnvironmentVariable(TarVariable) is { Length: > 0 } ready)
            return ready;
        var release = File.ReadAllLines("/etc/os-release").Select(line => line.Split('=', 2)).First(pair => pair[0] == "VERSION_CODENAME")[1].Trim('"');
        // The machine's own mirror; files of other makers name other suites.
        var sources = Directory.GetFiles("/etc/apt/sources.list.d").Append("/etc/apt/sources.list")
            .Where(file => (file.EndsWith(".list", StringComparison.Ordinal) || file.EndsWith(".sources", StringComparison.Ordinal)) && File.Exists(file))
            .Where(file => File.ReadAllText(file).Contains(release + "-updates", StringComparison.Ordinal));
        var hook = Path.Combine(Root, "customize.sh");
        await File.WriteAllTextAsync(hook, "set -eu\n" + Customize + "\n");
        var tar = Path.Combine(Root, "tree.tar");
        await RunAsync(
            [
                "mmdebstrap", "--variant=essential", "--format=tar", "--include=openssh-server,sudo", "--aptopt=APT::Install-Recommends \"false\"",
                "--aptopt=Acquire::Languages \"none\"", "--dpkgopt=force-unsafe-io", "--dpkgopt=path-exclude=/usr/share/doc/*",
                "--dpkgopt=path-exclude=/usr/share/locale/*", "--dpkgopt=path-exclude=/usr/share/man/*",
                string.Create(CultureInfo.InvariantCulture, $"--customize-hook=sh '{hook}' \"$1\""), release, tar, .. sources,
            ]);
        File.SetUnixFileMode(tar, (UnixFileMode)Convert.ToInt32("644", 8));
        return tar;
    }

    private async Task<LocalImage> ExtractAsync()
    {
        var tar = await TarAsync();
        var image = new LocalImage(Path.Combine(Root, "image"));
        Directory.CreateDirectory(image.Tree);
        await RunAsync([.. Namespace, "tar", "-C", image.Tree, "--numeric-owner", "--exclude=./dev/*", "-xf", tar]);
        return image;
    }
}
