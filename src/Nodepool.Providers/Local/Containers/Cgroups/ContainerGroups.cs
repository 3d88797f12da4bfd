using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Nodepool.Core.Collections;
using Nodepool.Providers.Processes;

namespace Nodepool.Providers.Local.Containers.Cgroups;

/// <summary>Gives each container control groups of its own with its limits, where the host allows.</summary>
internal sealed partial class ContainerGroups(TimeProvider time, ILogger log) : IDisposable
{
    private const string TrialPrefix = "trial-";
    private const string JoinScript = "echo 0 >\"$1/cgroup.procs\"";
    private readonly SemaphoreSlim _finding = new(1);
    private ValueList<CgroupParent>? _parents;

    /// <summary>The name of the groups of an instance: its directory's, made unique over all launchers of the host.</summary>
    public static string NameOf(string instanceDirectory)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(instanceDirectory));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)).AsSpan(0, 4));
        var name = string.Concat(Path.GetFileName(path).Take(40).Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'));
        return $"{name}-{hash}";
    }

    /// <summary>Makes the groups of an instance and returns their directories. What the host refuses is left out and logged.</summary>
    public async ValueTask<ValueList<string>> MakeAsync(ContainerFiles files, CgroupLimits limits, CancellationToken ct)
    {
        var name = NameOf(files.Directory);
        var groups = (await ParentsAsync(ct)).Select(parent => (Parent: parent, Directory: Path.Combine(parent.Directory, name))).ToList();
        // Written first: whoever stops the container after a crash must know what there may be.
        await File.WriteAllLinesAsync(files.Groups, groups.Select(group => group.Directory), ct);
        var made = new List<string>();
        foreach (var (parent, directory) in groups)
        {
            try
            {
                CgroupDirectory.Make(directory, parent.Controllers.SelectMany(controller => limits.Values(controller, parent.Unified)));
                made.Add(directory);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                LogRefused(log, directory, e.Message);
            }
        }

        return [.. made];
    }

    /// <summary>Removes the groups that were recorded for an instance, and nothing else.</summary>
    public async ValueTask RemoveAsync(ContainerFiles files, CancellationToken ct)
    {
        if (!File.Exists(files.Groups))
            return;
        var name = NameOf(files.Directory);
        foreach (var directory in await File.ReadAllLinesAsync(files.Groups, ct))
        {
            if (IsOurs(directory, name))
                await CgroupDirectory.RemoveAsync(directory, time, ct);
        }
    }

    public void Dispose() => _finding.Dispose();

    private static bool IsOurs(string directory, string name) =>
        Path.GetFileName(directory) == name
        && Path.GetFileName(Path.GetDirectoryName(directory)) == CgroupFinder.GroupName
        && File.Exists(Path.Combine(directory, "cgroup.procs"));

    private async ValueTask<ValueList<CgroupParent>> ParentsAsync(CancellationToken ct)
    {
        await _finding.WaitAsync(ct);
        try
        {
            return _parents ??= await FindAsync(ct);
        }
        finally
        {
            _finding.Release();
        }
    }

    private async ValueTask<ValueList<CgroupParent>> FindAsync(CancellationToken ct)
    {
        var found = await CgroupFinder.FindAsync(
            await File.ReadAllTextAsync("/proc/self/mountinfo", ct), await File.ReadAllTextAsync("/proc/self/cgroup", ct), parent => CanJoinAsync(parent, ct));
        var missing = CgroupLimits.Controllers.Except(found.SelectMany(parent => parent.Controllers)).ToList();
        if (missing.Count > 0)
            LogUnlimited(log, string.Join(", ", missing));
        return found;
    }

    private async ValueTask<bool> CanJoinAsync(string parent, CancellationToken ct)
    {
        await SweepAsync(parent, ct);
        var trial = Path.Combine(parent, TrialName.Next(TrialPrefix));
        Directory.CreateDirectory(trial);
        try
        {
            var order = new ProcessOrder { Program = "sh", Arguments = ["-c", JoinScript, "sh", trial] };
            return (await ChildProcess.RunAsync(order, time, ct)).ExitCode == 0;
        }
        finally
        {
            await CgroupDirectory.RemoveAsync(trial, time, CancellationToken.None);
        }
    }

    // Trials of processes that were killed.
    private async ValueTask SweepAsync(string parent, CancellationToken ct)
    {
        foreach (var left in Directory.GetDirectories(parent, TrialPrefix + "*"))
        {
            if (TrialName.IsAbandoned(Path.GetFileName(left), TrialPrefix))
                await CgroupDirectory.RemoveAsync(left, time, ct);
        }
    }

    [LoggerMessage(
        LogLevel.Warning,
        "Containers of this host run without limits for: {controllers}. "
        + "Limits need control groups of these controllers that this user may make: start as root, or delegate a group.")]
    private static partial void LogUnlimited(ILogger logger, string controllers);

    [LoggerMessage(LogLevel.Warning, "A container runs without the limits of {group}: {reason}")]
    private static partial void LogRefused(ILogger logger, string group, string reason);
}
