using Nodepool.Core.Providers;
using Nodepool.Providers.Processes;

namespace Nodepool.Providers.Local.Containers;

/// <summary>Ends the processes of a container.</summary>
internal static class ContainerEnd
{
    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Reaping = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Returns when no process of the container runs, nor ever will: a start that is under way elsewhere ends too.</summary>
    /// <exception cref="ProviderException">Unavailable: a process does not end.</exception>
    public static async ValueTask KillAsync(ContainerFiles files, TimeProvider time, CancellationToken ct)
    {
        if (Directory.Exists(files.Directory))
            await File.WriteAllBytesAsync(files.Stopped, [], ct);
        var began = time.GetTimestamp();
        var awaited = File.Exists(files.Inner) ? ProcessMark.ReadAlive(files.Outer) : null;
        for (var missed = 0; missed <= ScriptProcesses.MostMisses;)
        {
            var process = Next(files);
            missed = process is null ? missed + 1 : 0;
            if (process is not null && time.GetElapsedTime(began) > Patience)
            {
                throw new ProviderException(
                    ProviderFault.Unavailable,
                    $"process {process.Pid} of the container in {files.Directory} does not end although it was killed; "
                    + $"see its state: ps -o pid,stat,wchan:30,args {process.Pid}");
            }

            // unshare, left alone, reaps process 1 and ends; killed before it could, it would leave a zombie to init.
            if (process != awaited || time.GetElapsedTime(began) > Reaping)
                process?.Kill(ProcessSignal.Kill);
            await Task.Delay(PollPeriod, time, ct);
        }
    }

    // Process 1 first: the kernel ends its whole namespace before it is gone, and unshare ends by itself. A container that has no process 1 yet
    // loses unshare; should its child just have been made, it has the script among its arguments.
    private static ProcessIdentity? Next(ContainerFiles files) =>
        ProcessMark.ReadAlive(files.Inner) ?? ProcessMark.ReadAlive(files.Outer) ?? ScriptProcesses.FindOldest(files.Script);
}
