using Nodepool.Providers.Local.Containers.Cgroups;

namespace Nodepool.Tests.Providers.Local.Containers;

public sealed class CgroupLimitsTests
{
    private static readonly CgroupLimits Large = new(MemoryMiB: 8192, Vcpus: 48);

    [Theory]
    [InlineData("memory", true, "memory.max=8589934592 memory.swap.max=0?")]
    [InlineData("memory", false, "memory.limit_in_bytes=8589934592 memory.memsw.limit_in_bytes=8589934592?")]
    [InlineData("pids", true, "pids.max=49152")]
    [InlineData("pids", false, "pids.max=49152")]
    [InlineData("cpu", true, "cpu.max=4800000 100000")]
    [InlineData("cpu", false, "cpu.cfs_period_us=100000 cpu.cfs_quota_us=4800000")]
    public void Values_EachControllerAndVersion_AreItsFiles(string controller, bool unified, string expected) =>
        Assert.Equal(expected, string.Join(' ', Large.Values(controller, unified).Select(value => $"{value.File}={value.Text}{(value.IsOptional ? "?" : "")}")));

    [Fact]
    public void Values_EveryControllerThatIsLookedFor_AreKnown() =>
        Assert.All(CgroupLimits.Controllers, controller => Assert.NotEmpty(Large.Values(controller, unified: true)));

    [Fact]
    public void Values_UnknownController_Throws() => Assert.Throws<ArgumentException>(() => Large.Values("rdma", unified: true));
}
