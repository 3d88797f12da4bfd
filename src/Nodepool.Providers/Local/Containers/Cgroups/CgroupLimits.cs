using System.Globalization;
using Nodepool.Core.Collections;

namespace Nodepool.Providers.Local.Containers.Cgroups;

/// <summary>What a container may use.</summary>
/// <param name="MemoryMiB">Memory with page cache and tmpfs; swap comes on top of nothing.</param>
/// <param name="Vcpus">CPU time per time.</param>
internal sealed record CgroupLimits(int MemoryMiB, int Vcpus)
{
    /// <summary>The controllers that limit something of this.</summary>
    public static readonly ValueList<string> Controllers = ["memory", "pids", "cpu"];

    private const int PidsPerVcpu = 1024;
    private const int PeriodMicroseconds = 100_000;

    /// <summary>Most processes and threads: ample for a build, far below what makes a host unusable.</summary>
    public int Pids => PidsPerVcpu * Vcpus;

    /// <summary>The values to write into the files of a group, in this order.</summary>
    public IEnumerable<CgroupValue> Values(string controller, bool unified)
    {
        var bytes = Text(MemoryMiB * 1024L * 1024L);
        return (controller, unified) switch
        {
            // Without swap accounting the files about swap do not exist. Version 1 counts memory and swap together.
            ("memory", true) => [new("memory.max", bytes), new("memory.swap.max", "0", IsOptional: true)],
            ("memory", false) => [new("memory.limit_in_bytes", bytes), new("memory.memsw.limit_in_bytes", bytes, IsOptional: true)],
            ("pids", _) => [new("pids.max", Text(Pids))],
            ("cpu", true) => [new("cpu.max", $"{Text(Vcpus * (long)PeriodMicroseconds)} {Text(PeriodMicroseconds)}")],
            ("cpu", false) => [new("cpu.cfs_period_us", Text(PeriodMicroseconds)), new("cpu.cfs_quota_us", Text(Vcpus * (long)PeriodMicroseconds))],
            _ => throw new ArgumentException($"no limits are known for the controller {controller}", nameof(controller)),
        };
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
