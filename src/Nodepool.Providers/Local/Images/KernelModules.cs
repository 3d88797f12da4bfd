namespace Nodepool.Providers.Local.Images;

/// <summary>Finds the modules that a kernel needs before it has its root file system.</summary>
internal static class KernelModules
{
    /// <summary>What QEMU's devices and the image's file system need; what is built into the kernel is in no list.</summary>
    public static readonly IReadOnlyList<string> Wanted = ["virtio_pci", "virtio_blk", "virtio_net", "virtio_rng", "ext4"];

    // ext4 asks the kernel's crypto layer for this at mount time, which modules.dep does not say.
    private const string Checksum = "crc32c_generic";

    /// <summary>Files of the modules and of what they depend on, in the order in which they must be loaded.</summary>
    /// <param name="dependencies">Lines of <c>modules.dep</c>: a file, a colon, the files that it needs, nearest first.</param>
    /// <param name="wanted">Names of modules; dash and underscore are the same.</param>
    public static List<string> LoadOrder(IEnumerable<string> dependencies, IReadOnlyList<string> wanted)
    {
        var needs = new Dictionary<string, (string File, string[] Needs)>(StringComparer.Ordinal);
        foreach (var line in dependencies)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
                needs[NameOf(line[..colon])] = (line[..colon], line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }

        var order = new List<string>();
        var names = needs.ContainsKey("ext4") && wanted.Contains("ext4") ? [Checksum, .. wanted] : wanted;
        foreach (var name in names.Where(needs.ContainsKey))
        {
            var (file, files) = needs[name];
            foreach (var each in files.Reverse().Append(file))
            {
                if (!order.Contains(each))
                    order.Add(each);
            }
        }

        return order;
    }

    /// <summary><c>virtio_rng</c> for <c>kernel/drivers/char/hw_random/virtio-rng.ko.xz</c>.</summary>
    public static string NameOf(string file)
    {
        var name = Path.GetFileName(file);
        var end = name.IndexOf(".ko", StringComparison.Ordinal);
        return (end < 0 ? name : name[..end]).Replace('-', '_');
    }
}
