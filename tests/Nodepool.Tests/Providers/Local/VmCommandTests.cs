using System.Text;
using Nodepool.Core;
using Nodepool.Providers.Local;
using Nodepool.Providers.Local.Machines;

namespace Nodepool.Tests.Providers.Local;

public sealed class VmCommandTests
{
    private static readonly MachineSpec Spec = new("/d,ir/instances/a-1", "np1", new LocalImage("/images/i"), [], "127.0.0.1", 20007, 384, 2);

    [Fact]
    public void Node_Started_HasItsOwnFilesPortMemoryAndProcessors()
    {
        var arguments = VmCommand.ForNode(Spec, VmProcessor.Emulated);

        Assert.Equal("384", After("-m"));
        Assert.Equal("2", After("-smp"));
        Assert.Equal("/images/i/kernel", After("-kernel"));
        Assert.Equal("/d,ir/instances/a-1/initrd.img", After("-initrd"));
        Assert.StartsWith("file=/d,,ir/instances/a-1/disk.qcow2,format=qcow2", After("-drive"), StringComparison.Ordinal);
        Assert.Contains("hostfwd=tcp:127.0.0.1:20007-:22", After("-netdev"), StringComparison.Ordinal);
        Assert.Equal("unix:/d,,ir/instances/a-1/qmp.sock,server=on,wait=off", After("-qmp"));
        Assert.Equal("/d,ir/instances/a-1/qemu.pid", After("-pidfile"));
        Assert.Equal("-daemonize", arguments[^1]);
        Assert.Contains("tb-size=64", After("-accel"), StringComparison.Ordinal);

        string After(string option) => arguments[arguments.ToList().IndexOf(option) + 1];
    }

    [Fact]
    public void Trial_UsesTheProcessorOfTheNodes()
    {
        var node = VmCommand.ForNode(Spec, VmProcessor.Kvm).ToList();
        var trial = VmCommand.ForTrial(Spec.Image, VmProcessor.Kvm, "/tmp/console").ToList();

        Assert.Equal(node[node.IndexOf("-cpu") + 1], trial[trial.IndexOf("-cpu") + 1]);
        Assert.Equal(("kvm", "kvm"), (node[node.IndexOf("-accel") + 1], trial[trial.IndexOf("-accel") + 1]));
        Assert.Contains("node.trial", trial[trial.IndexOf("-append") + 1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/d/instances/a-1", true)]
    [InlineData("/d/instances/a-10", false)]
    [InlineData("/d/instances/a", false)]
    public void Process_OfAnInstance_IsToldByItsWholePidFile(string directory, bool serves)
    {
        var commandLine = Encoding.UTF8.GetBytes("qemu-system-x86_64\0-m\0256\0-pidfile\0/d/instances/a-1/qemu.pid\0-daemonize\0");

        Assert.Equal(serves, VmProcesses.Serves(commandLine, new VmFiles(directory)));
        Assert.False(VmProcesses.Serves("tail\0/d/instances/a-1/qemu.pid\0"u8, new VmFiles(directory)));
    }

    [Theory]
    [InlineData(24105, 2, 21092, 16)]
    [InlineData(4096, 1, 3072, 8)]
    [InlineData(1024, 1, 512, 8)]
    public void Limits_OfAHost_LeaveItAnEighth(long memory, int cpus, long ram, long cores) =>
        Assert.Equal(Quota.Of((Quota.Ram, ram), (Quota.Cores, cores)), HostCapacity.Limits(memory, cpus));

    [Fact]
    public void Memory_OfTheHost_IsReadInKibibytes() =>
        Assert.Equal(24683572L << 10, HostCapacity.TotalBytes(["MemTotal:       24683572 kB", "MemFree:        23736012 kB"]));

    [Fact]
    public void Cost_OfAVirtualMachine_IncludesTheEmulator()
    {
        Assert.Equal(Quota.Of((Quota.Instances, 1), (Quota.Cores, 2), (Quota.Ram, 512 + 150)), HostCapacity.Cost(new(LocalKind.Vm, 512, 2, [])));
        Assert.Equal(Quota.Of((Quota.Instances, 1), (Quota.Cores, 1), (Quota.Ram, 512)), HostCapacity.Cost(new(LocalKind.Container, 512, 1, [])));
    }
}
