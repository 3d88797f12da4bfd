using System.Runtime.InteropServices;
using Nodepool.Core.Providers;
using Nodepool.Providers.Local.Images;
using Nodepool.Providers.Processes;

namespace Nodepool.Providers.Local.Machines;

/// <summary>Virtual machines under QEMU: kernel and initial RAM disk given directly, an overlay over the image's disk, ssh on a forwarded port.</summary>
internal sealed class VmKind(BootFiles bootFiles, KvmTrial kvm, LocalPrograms programs, TimeProvider time) : IMachineKind
{
    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan StatusPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(1);

    // Starting takes 0.2 s; a start that hangs this long on a busy host will not come.
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    // A machine in one of these will not go on by itself (QEMU's RunState).
    private static readonly string[] DeadStates = ["io-error", "internal-error", "guest-panicked", "shutdown"];

    public string Name => LocalKinds.Word(LocalKind.Vm);

    public ValueTask<Obstacle?> CheckAsync(CancellationToken ct)
    {
        if (RuntimeInformation.OSArchitecture != Architecture.X64)
            return new(new Obstacle($"This host is no x86-64 machine ({RuntimeInformation.OSArchitecture})", "use 'kind: container'"));
        foreach (var (program, package) in ((string, string)[])[(programs.Qemu, "qemu-system-x86"), (programs.QemuImg, "qemu-utils")])
        {
            if (Programs.Find(program) is null)
                return new(new Obstacle($"The program '{program}' is not installed", $"install it with: apt-get install --no-install-recommends {package}"));
        }

        return new((Obstacle?)null);
    }

    public async ValueTask<ProcessIdentity> StartAsync(MachineSpec spec, CancellationToken ct)
    {
        await bootFiles.EnsureAsync(spec.Image, ct);
        var processor = await kvm.ProcessorAsync(spec.Image, ct);
        var files = new VmFiles(spec.Directory);
        await StopAsync(spec.Directory, ct);
        try
        {
            File.Delete(files.Console);
            await WriteInitrdAsync(spec, files, ct);
            await RunAsync(programs.QemuImg, ["create", "-q", "-f", "qcow2", "-b", spec.Image.Disk, "-F", "qcow2", files.Overlay], spec, ct);
            await RunAsync(programs.Qemu, [.. VmCommand.ForNode(spec, processor)], spec, ct);
            await File.WriteAllBytesAsync(files.Stands, [], ct);
            return Find(spec.Directory) ?? throw new ProviderException(
                ProviderFault.Rejected, $"The virtual machine of {spec.Hostname} died at once; {ConsoleFile.Quote(await ConsoleAsync(spec.Directory, ct))}");
        }
        catch
        {
            // A cancelled start may have got as far as the background.
            await StopAsync(spec.Directory, CancellationToken.None);
            throw;
        }
    }

    public ProcessIdentity? Find(string directory)
    {
        var files = new VmFiles(directory);
        return File.Exists(files.Stands) ? VmProcesses.Find(files) : null;
    }

    public async ValueTask StopAsync(string directory, CancellationToken ct)
    {
        var files = new VmFiles(directory);
        Delete(files.Stands);
        // Nothing on its disk is kept, so it is not asked first. Again until none is found: one may be coming up just now.
        for (var alive = VmProcesses.All(files); alive.Count > 0; alive = VmProcesses.All(files))
        {
            foreach (var process in alive)
            {
                process.Kill(ProcessSignal.Kill);
            }

            foreach (var process in alive)
            {
                await process.WaitUntilGoneAsync(time, ct);
            }
        }

        Delete(files.Socket);
        Delete(files.PidFile);

        static void Delete(string path)
        {
            if (File.Exists(path))
                File.Delete(path);
        }
    }

    public async ValueTask WaitForSignAsync(MachineSpec spec, CancellationToken ct)
    {
        var files = new VmFiles(spec.Directory);
        for (var asked = time.GetTimestamp(); !await ConsoleFile.HasLineAsync(files.Console, VmCommand.NetworkMark, ct); await Task.Delay(PollPeriod, time, ct))
        {
            if (VmProcesses.Find(files) is null)
                throw new ProviderException(
                    ProviderFault.Rejected, $"The virtual machine of {spec.Hostname} ended while it booted; {ConsoleFile.Quote(await ConsoleAsync(spec.Directory, ct))}");
            if (time.GetElapsedTime(asked) < StatusPeriod)
                continue;
            asked = time.GetTimestamp();
            if (await StateAsync(files, ct) is { } state && DeadStates.Contains(state))
                throw new ProviderException(
                    ProviderFault.Rejected,
                    $"The virtual machine of {spec.Hostname} stands still in QEMU's state '{state}'{(state == "io-error" ? $" (is the disk of {spec.Directory} full?)" : "")}; "
                    + ConsoleFile.Quote(await ConsoleAsync(spec.Directory, ct)));
        }
    }

    public ValueTask<string?> ConsoleAsync(string directory, CancellationToken ct) => ConsoleFile.TailAsync(new VmFiles(directory).Console, ct);

    private static async ValueTask WriteInitrdAsync(MachineSpec spec, VmFiles files, CancellationToken ct)
    {
        File.Delete(files.Initrd);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            // The node's private host key is in it.
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        await using var to = new FileStream(files.Initrd, options);
        await using (var from = File.OpenRead(spec.Image.Initrd))
        {
            await from.CopyToAsync(to, ct);
        }

        BootFiles.WriteSeed(to, spec.Seed);
    }

    private async ValueTask<string?> StateAsync(VmFiles files, CancellationToken ct) =>
        (await QmpClient.AskAsync(files.Socket, "query-status", AnswerTime, time, ct))?["status"]?.GetValue<string>();

    private async ValueTask RunAsync(string program, string[] arguments, MachineSpec spec, CancellationToken ct)
    {
        var outcome = await ChildProcess.RunAsync(new ProcessOrder { Program = program, Arguments = [.. arguments], Timeout = StartLimit }, time, ct);
        if (outcome.ExitCode == 0)
            return;
        var said = outcome.LastLines;
        if (said.Contains("Could not set up host forwarding rule", StringComparison.Ordinal))
            throw new ProviderException(ProviderFault.CapacityUnavailable, $"Port {spec.Port} of {spec.Address} is taken by another program");
        if (said.Contains("Cannot allocate memory", StringComparison.Ordinal) || said.Contains("cannot set up guest memory", StringComparison.Ordinal))
            throw new ProviderException(
                ProviderFault.CapacityUnavailable, $"This host has no {spec.MemoryMiB} MiB of memory left for {spec.Hostname}; lower 'max-servers', 'max-ram' or the label's 'memory': {outcome.LastLine}");
        throw LocalFaults.Failed($"Starting {spec.Hostname} with {program}", spec.Directory, outcome);
    }
}
