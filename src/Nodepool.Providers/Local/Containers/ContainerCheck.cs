using Nodepool.Core.Collections;
using Nodepool.Providers.Processes;

namespace Nodepool.Providers.Local.Containers;

/// <summary>Finds out by trial whether this host lets this user run containers.</summary>
/// <param name="directory">A directory on the file system on which containers will live.</param>
/// <param name="asRoot">False to use a user namespace.</param>
/// <param name="time">The clock.</param>
internal sealed class ContainerCheck(string directory, bool asRoot, TimeProvider time)
{
    private const string TrialPrefix = "container-trial-";
    private const int OverlayRefused = 3;
    private const int ProcRefused = 4;

    private const string TrialScript = """
        cd "$1"
        layers=lowerdir=lower,upperdir=upper,workdir=work
        if [ "$2" = user ]; then layers=$layers,userxattr; fi
        { mount -t overlay -o "$layers" overlay merged && : >merged/file && rm merged/known; } || exit 3
        mount -t proc -o nosuid,nodev,noexec proc merged/proc || exit 4
        """;

    private static readonly string[] UsedPrograms = ["setsid", "sh", "unshare", "mount", "hostname", "mknod", "pivot_root", "chroot", "rm"];

    /// <summary>Null when containers can run.</summary>
    public async ValueTask<Obstacle?> FindObstacleAsync(CancellationToken ct)
    {
        if (MissingProgram(UsedPrograms) is { } missing)
            return missing;
        if (!asRoot && await UserNamespaceObstacleAsync(ct) is { } obstacle)
            return obstacle;
        return await TrialAsync(ct);
    }

    private static Obstacle? MissingProgram(params IEnumerable<string> programs)
    {
        foreach (var program in programs)
        {
            if (Programs.Find(program) is null)
            {
                var package = Programs.PackageOf(program) ?? (program is "hostname" ? "hostname" : "util-linux coreutils mount");
                return new Obstacle($"the program '{program}' is not installed", $"install it: apt-get install --no-install-recommends {package}");
            }
        }

        return null;
    }

    private async ValueTask<Obstacle?> UserNamespaceObstacleAsync(CancellationToken ct)
    {
        var order = new ProcessOrder { Program = "unshare", Arguments = ["--user", "--map-root-user", "--map-auto", "true"] };
        var outcome = await ChildProcess.RunAsync(order, time, ct);
        return outcome.ExitCode == 0
            ? null
            : MissingProgram("newuidmap", "newgidmap") ?? UserNamespaceRefusal.Explain(UserNamespaceRefusal.ReadHost(), Environment.UserName, outcome.LastLine);
    }

    private async ValueTask<Obstacle?> TrialAsync(CancellationToken ct)
    {
        Directory.CreateDirectory(directory);
        await SweepAsync(ct);
        var trial = Path.Combine(directory, TrialName.Next(TrialPrefix));
        try
        {
            foreach (var name in (string[])["lower/proc", "upper", "work", "merged"])
            {
                Directory.CreateDirectory(Path.Combine(trial, name));
            }

            await File.WriteAllBytesAsync(Path.Combine(trial, "lower/known"), [], ct);
            ValueList<string> user = asRoot ? [] : ["--user", "--map-root-user", "--map-auto"];
            var order = new ProcessOrder
            {
                Program = "unshare",
                Arguments =
                [
                    .. user, "--mount", "--pid", "--uts", "--ipc", "--fork", "--kill-child", "--propagation", "private",
                    "--", "sh", "-c", TrialScript, "sh", trial, asRoot ? "root" : "user",
                ],
            };
            return Explain(await ChildProcess.RunAsync(order, time, ct));
        }
        finally
        {
            await FileTrees.RemoveAsync([trial], time, CancellationToken.None);
        }
    }

    // Trials of processes that were killed.
    private async ValueTask SweepAsync(CancellationToken ct)
    {
        var left = Directory.GetDirectories(directory, TrialPrefix + "*").Where(path => TrialName.IsAbandoned(Path.GetFileName(path), TrialPrefix));
        await FileTrees.RemoveAsync([.. left], time, ct);
    }

    private Obstacle? Explain(ProcessOutcome outcome) => outcome.ExitCode switch
    {
        0 => null,
        OverlayRefused => new Obstacle(
            $"overlayfs does not work in {directory} ({outcome.LastLine})",
            "keep the provider's directory on ext4, xfs, btrfs or tmpfs (inside a container engine: on a volume), "
            + "and load the kernel's overlay module: modprobe overlay"),
        ProcRefused => new Obstacle(
            $"a process file system of its own is refused to a container ({outcome.LastLine})",
            "start outside of any container, or in one whose /proc is not masked (podman: --security-opt unmask=ALL)"),
        _ => new Obstacle(
            $"this host refuses namespaces ({outcome.LastLine})",
            asRoot
                ? "start with the capability CAP_SYS_ADMIN (inside a container engine: --privileged)"
                : "allow user namespaces on this host, or start as root"),
    };
}
