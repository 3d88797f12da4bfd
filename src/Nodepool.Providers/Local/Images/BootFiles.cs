using System.IO.Compression;
using System.Text;
using Nodepool.Core.Collections;
using Nodepool.Core.Providers;
using Nodepool.Providers.Processes;

namespace Nodepool.Providers.Local.Images;

/// <summary>Makes kernel and initial RAM disk of an image's tree, so that virtual machines need neither firmware nor boot loader.</summary>
internal sealed class BootFiles(LocalPrograms programs, TimeProvider time)
{
    private const string InitScript = "Nodepool.Providers.Local.initrd-init.sh";

    private static readonly string[] Directories = ["bin", "dev", "lib", "lib/modules", "newroot", "proc", "seed", "sys"];

    /// <summary>Makes them unless they are there; the initial RAM disk is last, so its presence tells of both.</summary>
    /// <exception cref="ProviderException"><see cref="ProviderFault.Rejected"/>: no kernel in the image, no static busybox here, …</exception>
    public async ValueTask EnsureAsync(LocalImage image, CancellationToken ct)
    {
        if (File.Exists(image.Initrd))
            return;
        var kernel = NewestKernel(image.Tree) ?? throw new ProviderException(
            ProviderFault.Rejected,
            $"the image {image.Directory} has no kernel (boot/vmlinuz-*): it serves containers only; add linux-image-cloud-amd64 to the image for 'kind: vm'");
        var version = kernel[(kernel.IndexOf('-', StringComparison.Ordinal) + 1)..];
        var busybox = ReadBusybox(image.Tree);
        var work = image.Initrd + ".work";
        Directory.CreateDirectory(work);
        try
        {
            var modules = await ReadModulesAsync(image.Tree, version, work, ct);
            await BzImage.UnpackAsync(Path.Combine(image.Tree, "boot", kernel), image.Kernel, ct);
            await using (var stream = new FileStream(image.Initrd + ".new", FileMode.Create, FileAccess.Write))
            {
                WriteBase(stream, busybox, modules, ReadInit());
            }

            File.Move(image.Initrd + ".new", image.Initrd, overwrite: true);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    /// <summary>Writes the part of the initial RAM disk that all nodes of an image share.</summary>
    public static void WriteBase(Stream stream, ReadOnlySpan<byte> busybox, IReadOnlyList<(string File, byte[] Content)> modules, ReadOnlySpan<byte> init)
    {
        var archive = new CpioWriter(stream);
        foreach (var directory in Directories)
        {
            archive.AddDirectory(directory);
        }

        archive.AddFile("bin/busybox", busybox, 0x1ed /* 0755 */);
        foreach (var (file, content) in modules)
        {
            archive.AddFile("lib/modules/" + file, content, 0x1a4 /* 0644 */);
        }

        archive.AddFile("lib/modules/order", Encoding.ASCII.GetBytes(string.Concat(modules.Select(module => module.File + "\n"))), 0x1a4);
        archive.AddFile("init", init, 0x1ed);
        archive.End();
    }

    /// <summary>Writes one node's files as a further archive: the kernel unpacks them over those of the base.</summary>
    public static void WriteSeed(Stream stream, ValueList<SeedFile> seed)
    {
        var archive = new CpioWriter(stream);
        var made = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in seed)
        {
            var path = "seed/" + file.Path;
            for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = path.IndexOf('/', slash + 1))
            {
                if (made.Add(path[..slash]))
                    archive.AddDirectory(path[..slash]);
            }

            if (file.LinkTarget is { } target)
                archive.AddLink(path, target);
            else
                archive.AddFile(path, file.Content.Span, file.Mode);
        }

        archive.End();
    }

    /// <summary>File name of the newest kernel of a tree, or null.</summary>
    public static string? NewestKernel(string tree)
    {
        var boot = Path.Combine(tree, "boot");
        return Directory.Exists(boot)
            ? Directory.EnumerateFiles(boot, "vmlinuz-*").Select(path => Path.GetFileName(path)!).Order(VersionOrder.Instance).LastOrDefault()
            : null;
    }

    internal static byte[] ReadInit()
    {
        using var stream = typeof(BootFiles).Assembly.GetManifestResourceStream(InitScript)!;
        var init = new byte[stream.Length];
        stream.ReadExactly(init);
        return init;
    }

    private byte[] ReadBusybox(string tree)
    {
        // The host's first: it is known to run here. An image with busybox-static brings its own.
        foreach (var path in (string[])[programs.Busybox, Path.Combine(tree, "usr/bin/busybox"), Path.Combine(tree, "bin/busybox")])
        {
            if (File.Exists(path) && File.ReadAllBytes(path) is var content && StaticProgram.Is(content))
                return content;
        }

        throw new ProviderException(
            ProviderFault.Rejected,
            $"{programs.Busybox} {(File.Exists(programs.Busybox) ? "needs shared libraries" : "does not exist")}; virtual machines need one without: apt-get install busybox-static");
    }

    private async ValueTask<List<(string File, byte[] Content)>> ReadModulesAsync(string tree, string version, string work, CancellationToken ct)
    {
        var directory = ((string[])["usr/lib/modules", "lib/modules"]).Select(path => Path.Combine(tree, path, version)).FirstOrDefault(Directory.Exists)
            ?? throw new ProviderException(ProviderFault.Rejected, $"the image has the kernel {version} but no modules for it (usr/lib/modules/{version}); build it again");
        var list = Path.Combine(directory, "modules.dep");
        if (!File.Exists(list))
            throw new ProviderException(ProviderFault.Rejected, $"the image has no {list[tree.Length..]}; run depmod {version} while it is built");
        var modules = new List<(string, byte[])>();
        foreach (var file in KernelModules.LoadOrder(await File.ReadAllLinesAsync(list, ct), KernelModules.Wanted))
        {
            modules.Add((KernelModules.NameOf(file) + ".ko", await ReadModuleAsync(Path.Combine(directory, file), work, ct)));
        }

        return modules;
    }

    private async ValueTask<byte[]> ReadModuleAsync(string path, string work, CancellationToken ct)
    {
        switch (Path.GetExtension(path))
        {
            case ".gz":
                await using (var zipped = new GZipStream(File.OpenRead(path), CompressionMode.Decompress))
                {
                    var content = new MemoryStream();
                    await zipped.CopyToAsync(content, ct);
                    return content.ToArray();
                }

            case ".xz":
                return await UnpackAsync("xz", "xz-utils");
            case ".zst":
                return await UnpackAsync("zstd", "zstd");
            default:
                return await File.ReadAllBytesAsync(path, ct);
        }

        async ValueTask<byte[]> UnpackAsync(string program, string package)
        {
            if (Programs.Find(program) is null)
                throw new ProviderException(ProviderFault.Rejected, $"the kernel modules of the image are packed with {program}; apt-get install {package}");
            var copy = Path.Combine(work, Path.GetFileName(path));
            File.Copy(path, copy, overwrite: true);
            var outcome = await ChildProcess.RunAsync(new ProcessOrder { Program = program, Arguments = ["-d", "-q", "-f", copy] }, time, ct);
            return outcome.ExitCode == 0
                ? await File.ReadAllBytesAsync(Path.ChangeExtension(copy, null), ct)
                : throw LocalFaults.Failed($"Unpacking {path} with {program}", work, outcome);
        }
    }
}
