using Microsoft.Extensions.Logging;
using Nodepool.Core.Providers;
using Nodepool.Providers.Local.Containers;
using Nodepool.Providers.Local.Images;
using Nodepool.Providers.Local.Machines;

namespace Nodepool.Providers.Local;

/// <summary>The kinds of machines of one provider.</summary>
internal sealed class MachineKinds : IDisposable
{
    private readonly KvmTrial _kvm;
    private readonly ContainerKind _containers;
    private readonly Dictionary<string, IMachineKind> _byName;

    public MachineKinds(LocalPaths paths, LocalPrograms programs, BootFiles bootFiles, DriverContext context)
    {
        var time = context.Sources.Time;
        _kvm = new KvmTrial(paths, programs, time, context.Loggers.CreateLogger<KvmTrial>(), KvmTrial.UsualLimit);
        _containers = new ContainerKind(paths.Root, time, context.Loggers.CreateLogger<ContainerKind>());
        IMachineKind[] kinds = [new VmKind(bootFiles, _kvm, programs, time), _containers];
        _byName = kinds.ToDictionary(kind => kind.Name, StringComparer.Ordinal);
    }

    /// <summary>All of them.</summary>
    public IEnumerable<IMachineKind> All => _byName.Values;

    /// <summary>The kind of that name, or null when a later version of this program made it.</summary>
    public IMachineKind? Find(string name) => _byName.GetValueOrDefault(name);

    public void Dispose()
    {
        _kvm.Dispose();
        _containers.Dispose();
    }
}
