namespace Nodepool.Providers.Local;

/// <summary>Names or paths of the programs that nodes of this host need. Tests give others.</summary>
internal sealed record LocalPrograms
{
    /// <summary>The emulator.</summary>
    public string Qemu { get; init; } = "qemu-system-x86_64";

    /// <summary>Makes overlays.</summary>
    public string QemuImg { get; init; } = "qemu-img";

    /// <summary>Makes key pairs.</summary>
    public string SshKeygen { get; init; } = "ssh-keygen";

    /// <summary>A statically linked busybox: the only program of the initial RAM disk.</summary>
    public string Busybox { get; init; } = "/bin/busybox";

    /// <summary>The device by which KVM is asked for.</summary>
    public string KvmDevice { get; init; } = "/dev/kvm";
}
