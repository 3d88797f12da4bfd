using System.Globalization;
using Nodepool.Core.Collections;

namespace Nodepool.Providers.Local.Machines;

/// <summary>Command lines of QEMU.</summary>
internal static class VmCommand
{
    /// <summary>The console's line that says: the network stands, ssh will answer soon. Written by <c>initrd-init.sh</c>.</summary>
    public const string NetworkMark = "node: network up";

    /// <summary>The console's line that says: the processor that was asked for runs user space. Written by <c>initrd-init.sh</c>.</summary>
    public const string TrialMark = "node: alive";

    private const string Cmdline =
        "console=ttyS0 quiet loglevel=4 panic=-1 oops=panic net.ifnames=0 mitigations=off nopti audit=0 tsc=reliable no_timer_check"
        + " random.trust_cpu=on rd.systemd.show_status=0 systemd.show_status=0";

    /// <summary>Arguments that start a node in the background.</summary>
    public static ValueList<string> ForNode(MachineSpec spec, VmProcessor processor)
    {
        var files = new VmFiles(spec.Directory);
        return
        [
            "-name", Escape(spec.Hostname),
            // What a single-use node never needs costs boot time under emulation.
            "-M", "q35,usb=off,smbus=off,sata=off,vmport=off,hpet=off",
            "-accel", processor.Accelerator, "-cpu", processor.Model, "-smp", Number(spec.Vcpus), "-m", Number(spec.MemoryMiB),
            "-nodefaults", "-no-user-config", "-display", "none",
            // With panic=-1 a guest that panics is a process that ends.
            "-no-reboot",
            "-kernel", spec.Image.Kernel, "-initrd", files.Initrd, "-append", Cmdline,
            // Nobody keeps this disk: it need not survive a crash of the host.
            "-drive", $"file={Escape(files.Overlay)},format=qcow2,if=none,id=root,cache=unsafe,discard=unmap", "-device", "virtio-blk-pci,drive=root",
            "-netdev", $"user,id=net0,ipv6=off,hostfwd=tcp:{spec.Address}:{Number(spec.Port)}-:22", "-device", "virtio-net-pci,netdev=net0,romfile=",
            "-object", "rng-random,id=rng0,filename=/dev/urandom", "-device", "virtio-rng-pci,rng=rng0",
            "-qmp", $"unix:{Escape(files.Socket)},server=on,wait=off", "-serial", "file:" + Escape(files.Console),
            // Returns when port, socket and pid file stand, else fails with the reason.
            "-pidfile", files.PidFile, "-daemonize",
        ];
    }

    /// <summary>Arguments for a machine without disk that reaches user space, says so and switches itself off.</summary>
    public static ValueList<string> ForTrial(LocalImage image, VmProcessor processor, string console) =>
    [
        "-M", "q35", "-accel", processor.Accelerator, "-cpu", processor.Model, "-smp", "1", "-m", "128",
        "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot", "-monitor", "none",
        "-kernel", image.Kernel, "-initrd", image.Initrd, "-append", "console=ttyS0 quiet panic=-1 node.trial", "-serial", "file:" + Escape(console),
    ];

    /// <summary>A comma ends a value in QEMU's option lists unless it is doubled.</summary>
    public static string Escape(string value) => value.Replace(",", ",,", StringComparison.Ordinal);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
