using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Nodepool.Core.Providers;
using Nodepool.Providers.Local.Containers.Cgroups;
using Nodepool.Providers.Local.Instances;
using Nodepool.Providers.Local.Machines;
using Nodepool.Providers.Processes;

namespace Nodepool.Providers.Local.Containers;

/// <summary>
/// Container nodes: processes in mount, process, host name and ipc namespaces of their own over an overlay of the image's tree, with an sshd of
/// their own. They share the host's kernel and network.
/// </summary>
/// <remarks>
/// A container belongs to nobody but its directory: it outlives the launcher that started it, whoever comes next finds it by what it recorded
/// there itself. unshare(1) stands for it: that process is gone as soon as process 1 inside, sshd, is.
/// </remarks>
/// <param name="directory">The provider's directory, on the file system of the instances; need not exist yet.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Told once which limits this host cannot set.</param>
internal sealed class ContainerKind(string directory, TimeProvider time, ILogger<ContainerKind> log) : IMachineKind, IDisposable
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    private readonly bool _asRoot = Environment.IsPrivilegedProcess;
    private readonly ContainerGroups _groups = new(time, log);
    private readonly SemaphoreSlim _checking = new(1);
    private volatile bool _works;

    /// <inheritdoc/>
    public string Name => LocalKinds.Word(LocalKind.Container);

    /// <inheritdoc/>
    public async ValueTask<Obstacle?> CheckAsync(CancellationToken ct)
    {
        // Asked before every launch. A host that could run one still can; one that could not may have been mended.
        if (_works)
            return null;
        await _checking.WaitAsync(ct);
        try
        {
            var obstacle = _works ? null : await new ContainerCheck(directory, _asRoot, time).FindObstacleAsync(ct);
            _works = obstacle is null;
            return obstacle;
        }
        finally
        {
            _checking.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ProcessIdentity> StartAsync(MachineSpec spec, CancellationToken ct)
    {
        var files = new ContainerFiles(spec.Directory);
        // What an attempt that was interrupted left here would be in the way.
        if (files.Removable.Any(Path.Exists))
            await StopAsync(spec.Directory, ct);
        File.Delete(files.Stopped);
        if (!Endpoints.CanListen(spec.Address, spec.Port))
        {
            throw new ProviderException(
                ProviderFault.CapacityUnavailable, $"port {spec.Port} of {spec.Address} cannot be listened on; see who does: ss -ltnp 'sport = {spec.Port}'");
        }

        try
        {
            ContainerStart.LayOut(spec);
            var groups = await _groups.MakeAsync(files, new CgroupLimits(spec.MemoryMiB, spec.Vcpus), ct);
            return await ChildProcess.StartDetachedAsync(ContainerStart.Order(spec, _asRoot, groups), time, ct) ?? throw await DiedAsync(files, ct);
        }
        catch
        {
            await StopAsync(spec.Directory, CancellationToken.None);
            throw;
        }
    }

    /// <inheritdoc/>
    public ProcessIdentity? Find(string directory)
    {
        var files = new ContainerFiles(directory);
        // Looked at first: the mark may be written at any moment.
        return File.Exists(files.Outer) ? ProcessMark.ReadAlive(files.Outer) : ScriptProcesses.FindOldest(files.Script);
    }

    /// <inheritdoc/>
    public async ValueTask StopAsync(string directory, CancellationToken ct)
    {
        var files = new ContainerFiles(directory);
        await ContainerEnd.KillAsync(files, time, ct);
        await _groups.RemoveAsync(files, ct);
        // Here, not by the frame: to an ordinary user these files belong to the ids of the user namespace.
        if (files.Removable.Any(Path.Exists))
            await FileTrees.RemoveAsync([.. files.Removable], time, ct);
    }

    /// <inheritdoc/>
    public async ValueTask WaitForSignAsync(MachineSpec spec, CancellationToken ct)
    {
        var pause = ShortestPause;
        for (var missed = 0; !await AnswersAsync(spec, ct);)
        {
            missed = Find(spec.Directory) is null ? missed + 1 : 0;
            if (missed > ScriptProcesses.MostMisses)
                throw await DiedAsync(new ContainerFiles(spec.Directory), ct);
            await Task.Delay(pause, time, ct);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
        }
    }

    /// <inheritdoc/>
    public ValueTask<string?> ConsoleAsync(string directory, CancellationToken ct) => ConsoleFile.TailAsync(new ContainerFiles(directory).Console, ct);

    /// <inheritdoc/>
    public void Dispose()
    {
        _groups.Dispose();
        _checking.Dispose();
    }

    private static async ValueTask<bool> AnswersAsync(MachineSpec spec, CancellationToken ct)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(spec.Address), spec.Port), ct);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async ValueTask<ProviderException> DiedAsync(ContainerFiles files, CancellationToken ct)
    {
        var console = await ConsoleFile.TailAsync(files.Console, ct);
        // Another program may have come between the look at the port and sshd's.
        var fault = console?.Contains("Address already in use", StringComparison.Ordinal) == true ? ProviderFault.CapacityUnavailable : ProviderFault.Rejected;
        return new ProviderException(fault, $"the container in {files.Directory} ended before its sshd listened; {ConsoleFile.Quote(console)}");
    }
}
