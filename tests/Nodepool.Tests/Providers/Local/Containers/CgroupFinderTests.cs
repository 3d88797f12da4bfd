using Nodepool.Providers.Local.Containers.Cgroups;

namespace Nodepool.Tests.Providers.Local.Containers;

public sealed class CgroupFinderTests : IDisposable
{
    // Directories as a version 1 hierarchy shows them; of version 2 only the real thing fills a new group with files.
    private readonly string _top = Directory.CreateTempSubdirectory("nodepool-cgroups-").FullName;

    public void Dispose() => Directory.Delete(_top, recursive: true);

    [Fact]
    public async Task Find_TopCanBeUsed_IsTheTop()
    {
        var parents = await CgroupFinder.FindAsync(Mounts("memory", "pids"), "2:memory:/own\n3:pids:/own\n", _ => new(true));

        Assert.Equal([Path.Combine(_top, "memory/nodepool"), Path.Combine(_top, "pids/nodepool")], parents.Select(parent => parent.Directory));
        Assert.Equal(["memory", "pids"], parents.SelectMany(parent => parent.Controllers));
    }

    [Fact]
    public async Task Find_OnlyOwnGroupCanBeUsed_IsBelowItAndLeavesNothingElsewhere()
    {
        var own = Directory.CreateDirectory(Path.Combine(_top, "memory/slice/own")).FullName;

        var parents = await CgroupFinder.FindAsync(Mounts("memory"), "2:memory:/slice/own\n", parent => new(parent.StartsWith(own, StringComparison.Ordinal)));

        Assert.Equal([Path.Combine(own, "nodepool")], parents.Select(parent => parent.Directory));
        Assert.False(Directory.Exists(Path.Combine(_top, "memory/nodepool")));
        Assert.False(Directory.Exists(Path.Combine(_top, "memory/slice/nodepool")));
    }

    [Fact]
    public async Task Find_NothingCanBeJoined_FindsNothingAndLeavesNothing()
    {
        Assert.Empty(await CgroupFinder.FindAsync(Mounts("memory"), "2:memory:/\n", _ => new(false)));
        Assert.Empty(Directory.GetDirectories(Path.Combine(_top, "memory")));
    }

    [Fact]
    public async Task Find_GroupOfOursExistedAndCannotBeJoined_Stays()
    {
        var ours = Directory.CreateDirectory(Path.Combine(_top, "memory/nodepool")).FullName;

        Assert.Empty(await CgroupFinder.FindAsync(Mounts("memory"), "2:memory:/\n", _ => new(false)));
        Assert.True(Directory.Exists(ours));
    }

    [Fact]
    public async Task Find_ControllersMountedTogether_AreOneGroup()
    {
        var parent = Assert.Single(await CgroupFinder.FindAsync(Mounts("cpu,cpuacct"), "", _ => new(true)));

        Assert.Equal(["cpu"], parent.Controllers);
    }

    private string Mounts(params string[] controllers) => string.Concat(controllers.Select(names =>
        $"32 31 0:29 / {Directory.CreateDirectory(Path.Combine(_top, names)).FullName} rw - cgroup cgroup rw,{names}\n"));
}
