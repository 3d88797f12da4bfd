namespace Nodepool.Providers.Local;

/// <summary>An imported image: one directory from which both kinds of machines start.</summary>
/// <param name="Directory">Absolute path.</param>
internal sealed record LocalImage(string Directory)
{
    /// <summary>The file tree as a directory: what containers lay their own layer over.</summary>
    public string Tree => Path.Combine(Directory, "tree");

    /// <summary>The kernel that QEMU loads.</summary>
    public string Kernel => Path.Combine(Directory, "kernel");

    /// <summary>The initial RAM disk without any node's files.</summary>
    public string Initrd => Path.Combine(Directory, "initrd.img");

    /// <summary>The root file system as qcow2: backing file of every virtual machine's overlay.</summary>
    public string Disk => Path.Combine(Directory, "disk.qcow2");
}
