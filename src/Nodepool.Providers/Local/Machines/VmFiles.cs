namespace Nodepool.Providers.Local.Machines;

/// <summary>The files of a virtual machine in its instance's directory.</summary>
/// <param name="Directory">The instance's directory, absolute.</param>
internal sealed record VmFiles(string Directory)
{
    /// <summary>Changes over the image's disk.</summary>
    public string Overlay => Path.Combine(Directory, "disk.qcow2");

    /// <summary>Initial RAM disk with the node's files, its private host key among them.</summary>
    public string Initrd => Path.Combine(Directory, "initrd.img");

    /// <summary>What the guest writes to its serial line.</summary>
    public string Console => Path.Combine(Directory, "console.log");

    /// <summary>QEMU's control socket.</summary>
    public string Socket => Path.Combine(Directory, "qmp.sock");

    /// <summary>QEMU's process number; its path is also how the process is told from all others.</summary>
    public string PidFile => Path.Combine(Directory, "qemu.pid");

    /// <summary>
    /// Exists once QEMU has said that port, socket and disk stand. It writes its pid file before that: a machine whose starter was killed in
    /// between may still fail, so it is started anew.
    /// </summary>
    public string Stands => Path.Combine(Directory, "qemu.stands");
}
