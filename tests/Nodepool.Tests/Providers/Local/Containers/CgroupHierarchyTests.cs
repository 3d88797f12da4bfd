using Nodepool.Providers.Local.Containers.Cgroups;

namespace Nodepool.Tests.Providers.Local.Containers;

public sealed class CgroupHierarchyTests
{
    private const string Hybrid =
        """
        23 1 254:0 / / rw,relatime - ext4 /dev/vda rw
        31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
        32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct
        35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
        40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,name=systemd
        41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw,nsdelegate
        """;

    private const string OwnHybrid =
        """
        9:name=systemd:/user.slice
        4:memory:/work/one
        1:cpu,cpuacct:/
        0::/user.slice/session-1.scope
        """;

    [Fact]
    public void Mounts_Hybrid_KnowVersionsAndControllers()
    {
        var mounts = CgroupHierarchy.ParseMounts(Hybrid);

        Assert.Equal(["/sys/fs/cgroup/cpu,cpuacct", "/sys/fs/cgroup/memory", "/sys/fs/cgroup/systemd", "/sys/fs/cgroup/unified"], mounts.Select(mount => mount.MountPoint));
        Assert.Equal([false, false, false, true], mounts.Select(mount => mount.Unified));
        Assert.Contains("cpu", mounts[0].Options);
        Assert.DoesNotContain("memory", mounts[2].Options);
    }

    [Theory]
    [InlineData(0, "/sys/fs/cgroup/cpu,cpuacct")]
    [InlineData(1, "/sys/fs/cgroup/memory/work/one")]
    [InlineData(2, "/sys/fs/cgroup/systemd/user.slice")]
    [InlineData(3, "/sys/fs/cgroup/unified/user.slice/session-1.scope")]
    public void OwnDirectory_EachHierarchy_IsItsOwnLine(int mount, string directory) =>
        Assert.Equal(directory, CgroupHierarchy.ParseMounts(Hybrid)[mount].OwnDirectory(OwnHybrid));

    [Theory]
    [InlineData("/docker/1", "0::/docker/1/child", "/sys/fs/cgroup/child")]
    [InlineData("/docker/1", "0::/docker/1", "/sys/fs/cgroup")]
    [InlineData("/docker/1", "0::/docker/12", null)]
    [InlineData("/", "0::/../other", null)]
    [InlineData("/", "4:memory:/x", null)]
    [InlineData("/", "", null)]
    public void OwnDirectory_PartOfTheTreeMounted_IsRelativeToThePart(string root, string self, string? directory)
    {
        var mount = Assert.Single(CgroupHierarchy.ParseMounts($"30 23 0:26 {root} /sys/fs/cgroup rw - cgroup2 cgroup2 rw"));

        Assert.Equal(directory, mount.OwnDirectory(self));
    }

    [Theory]
    [InlineData(@"/mnt/with\040blank", "/mnt/with blank")]
    [InlineData(@"/mnt/back\134slash", @"/mnt/back\slash")]
    [InlineData(@"/mnt/short\04", @"/mnt/short\04")]
    public void Mounts_EscapedPath_IsPlain(string written, string path) =>
        Assert.Equal(path, Assert.Single(CgroupHierarchy.ParseMounts($"30 23 0:26 / {written} rw - cgroup cgroup rw,memory")).MountPoint);

    [Theory]
    [InlineData("")]
    [InlineData("30 23 0:26 / /sys/fs/cgroup rw")]
    [InlineData("30 23 - cgroup cgroup rw")]
    public void Mounts_DamagedLine_IsIgnored(string text) => Assert.Empty(CgroupHierarchy.ParseMounts(text));
}
