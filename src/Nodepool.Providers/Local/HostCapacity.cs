using System.Globalization;
using Nodepool.Core;

namespace Nodepool.Providers.Local;

/// <summary>What nodes may use of this host.</summary>
internal static class HostCapacity
{
    /// <summary>Virtual CPUs per CPU: nodes wait most of their time.</summary>
    public const int CoresPerCpu = 8;

    /// <summary>MiB of the host's own that a virtual machine needs beside its memory (QEMU, its translation cache of 64 MiB); measured with emulation.</summary>
    public const int VmOverheadMiB = 150;

    private const int LeastReserveMiB = 1024;
    private const int ReserveShare = 8;

    // A limit above this is cgroup v1's way to say that there is none.
    private const long LargestLimit = 1L << 60;

    private static readonly string[] MemoryLimits = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"];

    /// <summary>The limits of a host: its memory without an eighth (1 GiB at least, half at most), <see cref="CoresPerCpu"/> times its CPUs.</summary>
    public static Quota Limits(long memoryMiB, int cpus)
    {
        var reserve = Math.Min(Math.Max(LeastReserveMiB, memoryMiB / ReserveShare), memoryMiB / 2);
        return Quota.Of((Quota.Ram, memoryMiB - reserve), (Quota.Cores, (long)cpus * CoresPerCpu));
    }

    /// <summary>The limits of this host.</summary>
    public static Quota Read()
    {
        var bytes = TotalBytes(File.ReadLines("/proc/meminfo"));
        foreach (var path in MemoryLimits.Where(File.Exists))
        {
            if (long.TryParse(File.ReadAllText(path), CultureInfo.InvariantCulture, out var limit) && limit is > 0 and < LargestLimit)
                bytes = Math.Min(bytes, limit);
        }

        return Limits(bytes >> 20, Environment.ProcessorCount);
    }

    /// <summary>Memory of the host as <c>/proc/meminfo</c> tells it.</summary>
    public static long TotalBytes(IEnumerable<string> memInfo)
    {
        var line = memInfo.First(line => line.StartsWith("MemTotal:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;
    }

    /// <summary>What one node uses.</summary>
    public static Quota Cost(LocalLabelOptions label) => Quota.Of(
        (Quota.Instances, 1), (Quota.Cores, label.Vcpus), (Quota.Ram, label.MemoryMiB + (label.Kind == LocalKind.Vm ? VmOverheadMiB : 0)));
}
