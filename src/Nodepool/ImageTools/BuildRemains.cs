using System.Globalization;
using Nodepool.Core.Collections;
using Nodepool.Providers.Processes;

namespace Nodepool.ImageTools;

/// <summary>Removes what a build has left in its work directory, by whatever end: its processes first, then what they hold, then the files.</summary>
internal static class BuildRemains
{
    /// <summary>Name of the variable in the environment of all processes of a build; its value is the work directory.</summary>
    public const string MarkName = "NODEPOOL_BUILD";

    /// <summary>Removes a directory with processes, mounts, partitions and loop devices of it; as far as this user and <see cref="Sudo"/> may.</summary>
    public static async Task RemoveAsync(string directory, TimeProvider time)
    {
        await EndProcessesAsync(directory, time);
        foreach (var mount in Mounts.Below(directory))
        {
            await RunAsync(Sudo.Wrap("umount", "--lazy", mount), time);
        }

        foreach (var device in LoopDevices.Below(directory))
        {
            // A device that is held would only be detached once nothing holds it.
            if (LoopDevices.IsMapped(device) && Programs.Find("kpartx") is not null)
                await RunAsync(Sudo.Wrap("kpartx", "-d", device), time);
            await RunAsync(Sudo.Wrap("losetup", "--detach", device), time);
        }

        await RemoveFilesAsync(directory, time);
    }

    /// <summary>Kills a process that this user may not signal.</summary>
    public static Task KillForeignAsync(int pid, TimeProvider time) => RunAsync(Sudo.Wrap("kill", "-KILL", pid.ToString(CultureInfo.InvariantCulture)), time);

    private static async Task EndProcessesAsync(string directory, TimeProvider time)
    {
        using var patience = new CancellationTokenSource(ChildProcess.Grace, time);
        try
        {
            // Looked for again until there is none: one may just have started another.
            while (MarkedProcesses.Find(MarkName, directory) is { Count: > 0 } processes)
            {
                foreach (var process in processes)
                {
                    if (!process.Kill(ProcessSignal.Kill) && process.IsAlive)
                        await KillForeignAsync(process.Pid, time);
                }

                await Task.WhenAll(processes.Select(process => process.WaitUntilGoneAsync(time, patience.Token)));
                patience.Token.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException)
        {
            // One is stuck in the kernel, or another user's: what it holds cannot be removed now, the rest can.
        }
    }

    /// <summary>Files may be of this user, of users that were mapped into a namespace of ours, and of root.</summary>
    private static async Task RemoveFilesAsync(string directory, TimeProvider time)
    {
        // Should a mount still be there, its files are not ours.
        string[] remove = ["-rf", "--one-file-system", "--", directory];
        foreach (var command in ((string, ValueList<string>)[])[UserNamespace.Wrap("rm", remove), ("rm", [.. remove]), Sudo.Wrap("rm", remove)])
        {
            if (Directory.Exists(directory))
                await RunAsync(command, time);
        }
    }

    private static async Task RunAsync((string Program, ValueList<string> Arguments) command, TimeProvider time) =>
        await ChildProcess.RunAsync(new ProcessOrder { Program = command.Program, Arguments = command.Arguments }, time, CancellationToken.None);
}
